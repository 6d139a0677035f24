// The button that makes a link of the query that one looks at.
import { pick, ToolbarButton, useGraphiQL } from "@graphiql/react";
import { useEffect, useState } from "react";

import { link } from "./sharing.js";

const LABEL = "Copy a link to this query";
const TOLD_FOR = 4000; // milliseconds

export function CopyLink() {
  const { queryEditor, variableEditor, operationName } = useGraphiQL(
    pick("queryEditor", "variableEditor", "operationName"),
  );
  const [told, tell] = useState("");

  useEffect(() => {
    const forgetting = told && setTimeout(() => tell(""), TOLD_FOR);
    return () => clearTimeout(forgetting);
  }, [told]);

  async function copy() {
    const address = link(location.href, {
      query: queryEditor?.getValue(),
      variables: variableEditor?.getValue(),
      operationName,
    });
    // The address bar has it as well: browsers let only pages from https or this machine write to the clipboard.
    history.replaceState(null, "", address);
    try {
      await navigator.clipboard.writeText(address);
      tell("Link copied");
    } catch {
      tell("The link is in the address bar");
    }
  }

  return (
    <>
      <ToolbarButton label={LABEL} onClick={copy}>
        <svg className="graphiql-toolbar-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
          <path d="M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1.5 1.5" strokeWidth="2" strokeLinecap="round" />
          <path d="M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1.5-1.5" strokeWidth="2" strokeLinecap="round" />
        </svg>
      </ToolbarButton>
      <span role="status" className="told">
        {told}
      </span>
    </>
  );
}
