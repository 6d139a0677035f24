// Opens GraphiQL over the graph of the server that the page comes from.
import { DOC_EXPLORER_PLUGIN } from "@graphiql/plugin-doc-explorer";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./page.css";
import "./workers.js";
import { ChosenOperation } from "./ChosenOperation.jsx";
import { CopyLink } from "./CopyLink.jsx";
import { opening } from "./opening.js";
import { shared } from "./sharing.js";

const PLUGINS = [HISTORY_PLUGIN, explorerPlugin()];

const fetcher = createGraphiQLFetcher({ url: location.pathname });

const asked = shared(location.search);
const examples = await (await fetch("explorer/examples.json")).json();

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={PLUGINS}
    inputValueDeprecation
    showPersistHeadersSettings={false}
    {...opening(examples, asked)}
  >
    <GraphiQL.Logo>
      <h1 className="graphiql-logo">
        Stancebase <a href="docs">REST</a>
      </h1>
    </GraphiQL.Logo>
    <GraphiQL.Toolbar>
      {({ prettify, merge, copy }) => (
        <>
          {prettify}
          {merge}
          {copy}
          <CopyLink />
          <ChosenOperation name={asked?.operationName} />
        </>
      )}
    </GraphiQL.Toolbar>
  </GraphiQL>,
);
