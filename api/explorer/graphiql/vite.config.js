// Makes ../dist of this folder: a page, and files whose names change with what is in them.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import { defineConfig } from "vite";

import { repairing } from "./repairs.js";

// The server hands them out as they are, so that it need not pack them for each browser.
const PACKED = {
  // Two steps below the best, which takes twenty times as long and saves 4 %.
  ".br": (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  ".gz": promisify(gzip),
};

const packing = {
  name: "packing",
  apply: "build",
  async writeBundle({ dir }) {
    const files = join(dir, "explorer");
    for (const name of await readdir(files)) {
      const content = await readFile(join(files, name));
      for (const [suffix, pack] of Object.entries(PACKED)) await writeFile(join(files, name + suffix), await pack(content));
    }
  },
};

export default defineConfig({
  // Addresses are relative to the page's, so that it also works below a path of a proxy.
  base: "./",
  plugins: [repairing(), packing],
  worker: { format: "es" },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    assetsDir: "explorer",
    // A policy that lets the page load only what this server has need not make an exception for data: then.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
    rolldownOptions: {
      // Libraries say "use client" for frameworks that also run on servers.
      checks: { moduleLevelDirective: false, pluginTimings: false },
    },
  },
});
