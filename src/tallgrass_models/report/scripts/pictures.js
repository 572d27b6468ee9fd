// Pictures that are folded and heavy: built from the page's data when the reader unfolds them.
for (const place of document.querySelectorAll("[data-heavy]"))
  whenNear(place, async () => {
    const picture = built(await pageData(place.dataset.heavy));
    const figure = place.parentElement;
    place.replaceWith(picture);
    figure.dispatchEvent(new Event("drawn", { bubbles: true }));
  });
