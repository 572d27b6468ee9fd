// Searching and sorting of tables, by DataTables.
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
