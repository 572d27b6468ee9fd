// Searching and sorting by DataTables, texts on hover by tippy; all of it is in the page without scripts too.
for (const table of document.querySelectorAll("table.interactive")) {
  const heads = [...table.tHead.rows[0].cells];
  new DataTable(table, {
    paging: false,
    autoWidth: false,
    order: [],
    layout: { topStart: "search", topEnd: "info", bottomStart: null, bottomEnd: null },
    language: { search: "Search ", info: "_TOTAL_ rows", infoEmpty: "no rows", infoFiltered: "of _MAX_", columnControl: { dropdown: "Choose" } },
    columnDefs: heads.flatMap((head, target) =>
      "choices" in head.dataset ? [{ target, columnControl: [["searchList"]] }]
      : "picture" in head.dataset ? [{ target, orderable: false, searchable: false }] : []),
  });
}
tippy.delegate("main", {
  target: ".bar :has(> title)",
  delay: [80, 0],
  onCreate(tip) {
    const title = tip.reference.querySelector(":scope > title");
    if (!title) return; // the element that delegates
    tip.setContent(title.textContent);
    title.remove();
  },
});
