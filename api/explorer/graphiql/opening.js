// What GraphiQL opens with: a query that was shared, else what the browser kept, else our examples.
import { StorageAPI } from "@graphiql/toolkit";

/**
 * The props of GraphiQL that say so.
 *
 * `examples` and `asked` (undefined if the address has no query) are tabs: {query, variables}, both as text.
 */
export function opening(examples, asked) {
  // Tabs that were kept stay, and GraphiQL opens what was asked for beside them.
  const tabs = asked ? [asked, ...examples] : examples;
  const first = asked ?? lastLookedAt() ?? tabs[0];
  return { defaultTabs: tabs, initialQuery: first.query ?? "", initialVariables: first.variables ?? "" };
}

/**
 * The tab that was looked at last, if tabs were kept.
 *
 * GraphiQL remembers it without its variables where these were never edited, and then opens it a second time.
 */
function lastLookedAt() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(new StorageAPI().get("tabState"));
    return tabs[activeTabIndex];
  } catch {
    return undefined; // Nothing was kept, or nothing that GraphiQL will take.
  }
}
