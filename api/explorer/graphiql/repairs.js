// What GraphiQL and its plugins get wrong for keyboards and screen readers, put right in their text as it is built.
//
// A repair that no longer fits, after an update, stops the build: look whether it is still needed.

const PRESSED =
  "onKeyDown: (event) => { if (event.target === event.currentTarget && [' ', 'Enter'].includes(event.key)) {" +
  " event.preventDefault(); event.currentTarget.click(); } },";

const REPAIRS = {
  "@graphiql/react/dist/components/tabs/index.js": [
    // The role says that nothing inside can be focused, but a button to show the tab is, and one to close it. So
    // they are a list of buttons.
    [/"aria-selected": isActive,|role: "tab",/g, 2, ""],
    [/role: "tablist",/g, 1, ""],
  ],
  "@graphiql/react/dist/constants.js": [
    // Comments in the dark editor, which are 3.6 to 1 against it.
    [/(?<=foreground: "#908aff"\s+\})\]/g, 1, ', { token: "comment", foreground: "#8fb97a" }]'],
  ],
  "graphiql/dist/GraphiQL.js": [
    [/jsx\(Tab\.Button, \{/g, 1, '$& "aria-current": index_1 === activeTabIndex,'],
    [/role: "tabpanel"/g, 1, 'role: "region"'],
  ],
  "@graphiql/plugin-history/dist/components.js": [
    // All entries would be called the same.
    [/onClick: handleHistoryItemClick, "aria-label": "Set active",/g, 1, "onClick: handleHistoryItemClick,"],
  ],
  "graphiql-explorer/dist/Explorer.js": [
    // Fields, arguments and fragments answer to the mouse alone.
    [
      /onClick: this\._handleUpdateSelections,/g,
      1,
      `role: "checkbox", "aria-checked": !!selection, tabIndex: 0, ${PRESSED} $&`,
    ],
    [
      /onClick: function onClick\(event\) \{\s+var shouldAdd = !argValue;/g,
      1,
      `role: "checkbox", "aria-checked": !!argValue, tabIndex: 0, ${PRESSED} $&`,
    ],
    [
      /onClick: selection \? this\._removeFragment : this\._addFragment/g,
      2,
      `role: "checkbox", "aria-checked": !!selection, tabIndex: 0, ${PRESSED} $&`,
    ],
    // What one enters a value into says for which argument.
    [/onChange: this\.(props\.setArgValue|_handleChange),/g, 3, '"aria-label": arg.name, $&'],
    [/onChange: function onChange\(event\) \{\s+return _this15\._setAddOperationType/g, 1, '"aria-label": "Add new", $&'],
    // White on a dark page.
    [/backgroundColor: 'white',/g, 3, ""],
  ],
};

/** The plugin of Vite that repairs. */
export function repairing() {
  const missing = new Set(Object.keys(REPAIRS));
  return {
    name: "repairing",
    enforce: "pre",
    transform(code, id) {
      const file = Object.keys(REPAIRS).find((name) => id.endsWith(`/node_modules/${name}`));
      if (!file) return null;
      missing.delete(file);
      return REPAIRS[file].reduce((text, [pattern, times, repaired]) => {
        const found = text.match(pattern)?.length ?? 0;
        if (found !== times) throw new Error(`${file} has changed: ${pattern} is in it ${found} times, not ${times}`);
        return text.replace(pattern, repaired);
      }, code);
    },
    buildEnd(error) {
      if (!error && missing.size) throw new Error(`nothing loads ${[...missing].join(", ")}: drop the repairs or mend them`);
    },
  };
}
