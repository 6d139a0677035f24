// Puts the cursor, once, into the operation that a shared link names: that is the one which Ctrl-Enter runs.
// Shows nothing.
import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect, useRef } from "react";

export function ChosenOperation({ name }) {
  const { operations, queryEditor } = useGraphiQL(pick("operations", "queryEditor"));
  const { setOperationName } = useGraphiQLActions();
  const toChoose = useRef(name);

  useEffect(() => {
    if (!toChoose.current || !queryEditor || !operations?.length) return;
    const chosen = operations.find((operation) => operation.name?.value === toChoose.current);
    toChoose.current = undefined;
    if (!chosen) return;
    setOperationName(chosen.name.value);
    const place = queryEditor.getModel().getPositionAt(chosen.loc.start);
    queryEditor.setPosition(place);
    queryEditor.revealPosition(place);
  }, [operations, queryEditor, setOperationName]);

  return null;
}
