// graphql-codegen: types of the schema, as read from its text and by introspection, and typed documents of the operations in
// a folder. Writes them there, and prints the names of what it wrote, as JSON.
import { generate } from "@graphql-codegen/cli";

const [url, folder] = process.argv.slice(2);
const scalars = { strictScalars: true, scalars: { Date: "string", DateTime: "string" } };
const types = { plugins: ["typescript"], config: scalars };
const files = await generate(
  {
    cwd: folder,
    silent: true,
    generates: {
      "text.ts": { schema: "schema.graphql", ...types },
      "introspected.ts": { schema: url, ...types },
      "operations.ts": {
        schema: url,
        documents: "operations/*.graphql",
        plugins: ["typescript-operations", "typed-document-node"],
        config: scalars,
      },
    },
  },
  true,
);
console.log(JSON.stringify(files.map(({ filename }) => filename.split("/").at(-1))));
