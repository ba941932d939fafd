// Copies what the browser needs from node_modules to dispatch/web/static/vendor (which git ignores).
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const vendor = join(root, "dispatch", "web", "static", "vendor");

const WEIGHTS = [400, 500, 600];
const LAYOUT_START = ".kern-container-fluid,";

function kern() {
  const css = readFileSync(join(modules, "@kern-ux/native/dist/kern.min.css"), "utf8");
  const layout = css.indexOf(LAYOUT_START);
  if (layout < 0) throw new Error("KERN's style sheet has changed: its layout part was not found");
  // Grid and utility classes are not used; every browser we support knows `mask` without a prefix.
  const used = css.slice(0, layout).replace(/^@charset "UTF-8";/, "").replace(/-webkit-mask:url\("[^"]*"\)[^;}]*;/g, "");
  // In a layer of its own, so that our rules win without a fight over specificity.
  return `@layer kern{${used}}\n`;
}

// The faces of a weight. Of two that hold a letter the later one is taken: the Vietnamese file is small
// and has letters of Romanian, Croatian and others, for which nobody has to load the large one.
function faces(weight) {
  const folder = join(modules, "@fontsource/fira-sans");
  const css = readFileSync(join(folder, `${weight}.css`), "utf8")
    .replace(/, url\([^)]*\.woff\) format\('woff'\)/g, "")
    // What is not there at once is not waited for and changes nothing later: swapping moved what one was about to press.
    .replace(/font-display: swap/g, "font-display: optional");
  for (const [, file] of css.matchAll(/url\(\.\/files\/([^)]+)\)/g)) {
    copyFileSync(join(folder, "files", file), join(vendor, "files", file));
  }
  const found = css.match(/@font-face \{[^}]*\}/g);
  const vietnamese = found.filter((face) => face.includes("-vietnamese-"));
  return [...found.filter((face) => !vietnamese.includes(face)), ...vietnamese];
}

function fonts() {
  mkdirSync(join(vendor, "files"), { recursive: true });
  // Greek pages need two scripts, letters and figures: two weights of each weigh what three of one do.
  const greek = [[400, "400"], [600, "500 600"]].flatMap(([weight, range]) =>
    faces(weight).map((face) => face.replace("'Fira Sans'", "'Fira Sans of two'").replace(/font-weight: \d+/, `font-weight: ${range}`)));
  return [...WEIGHTS.flatMap(faces), ...greek].join("\n");
}

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
writeFileSync(join(vendor, "vendor.css"), fonts() + kern());
copyFileSync(join(modules, "htmx.org/dist/htmx.min.js"), join(vendor, "htmx.min.js"));
// As a module: board.js fetches it when something has changed, other pages never do.
const idiomorph = readFileSync(join(modules, "idiomorph/dist/idiomorph.min.js"), "utf8");
writeFileSync(join(vendor, "idiomorph.js"), `${idiomorph}\nexport { Idiomorph };\n`);
console.log("Front-end files are in dispatch/web/static/vendor.");
