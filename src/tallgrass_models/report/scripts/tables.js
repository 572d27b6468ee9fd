// Tables: searching, sorting and turning of pages, by DataTables; the rows of a long table come from the page's data.

// Start DataTables on a table of markup, or with `long`, its block, on rows that are drawn page by page.
function start(table, long) {
  const heads = [...table.tHead.rows[0].cells];
  if (long) table.tBodies[0].replaceChildren(); // the first rows stand there for readers without scripts
  const started = new DataTable(table, {
    paging: Boolean(long),
    pageLength: long?.rows,
    data: long?.columns[0].cells.map((_, row) => [row]),
    columns: long?.columns.map(columnOf),
    createdRow: long && ((row) => row.cells[0].setAttribute("scope", "row")),
    autoWidth: false,
    order: [],
    layout: { topStart: "search", topEnd: "info", bottomStart: long ? { paging: { firstLast: false } } : null, bottomEnd: null },
    language: {
      search: "Search ",
      info: long ? "_START_ to _END_ of _TOTAL_ rows" : "_TOTAL_ rows",
      infoEmpty: "no rows",
      infoFiltered: long ? "(_MAX_ in all)" : "of _MAX_",
      paginate: { next: "Next", previous: "Previous" },
      aria: { paginate: { number: "Page " } },
      columnControl: { dropdown: "Choose" },
    },
    columnDefs: heads.flatMap((head, target) =>
      "choices" in head.dataset ? [{ target, columnControl: [[{ extend: "searchList", orthogonal: long ? "label" : "display" }]] }]
      : "picture" in head.dataset ? [{ target, orderable: false, searchable: false }] : []),
  });
  started.on("page", () => table.closest(".dt-layout-row").scrollTo({ top: 0, behavior: "instant" }));

  function columnOf(column, place) {
    const text = (row) => words(column.cells[row]).trim();
    return {
      data: ([row], type) =>
        type === "display" ? built(column.cells[row])
        // DataTables reads the next two as markup.
        : type === "filter" ? text(row).replaceAll("<", "&lt;")
        : type === "label" ? text(row).replaceAll("&", "&amp;").replaceAll("<", "&lt;")
        : column.order ? column.order[row] ?? "" : text(row),
      type: column.order?.some((value) => typeof value === "number") ? "num" : "string",
      cellType: place ? "td" : "th",
      className: column.class,
    };
  }
}

for (const table of document.querySelectorAll("table.interactive"))
  whenNear(table, async () => start(table, "rows" in table.dataset ? await pageData(table.dataset.rows) : null));
