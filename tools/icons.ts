// Draws the PNG icons of client/public from its icon.svg: for systems that take no SVG. To be run when that one changes.
import { launchBrowser } from "../tests/helpers/browser.ts";

const FOLDER = "client/public";
/** Around the picture of a maskable icon: systems cut away all but a circle of four fifths of its width (W3C Manifest, "maskable"). */
const SAFE_ZONE = 0.9;

const svg = await Deno.readTextFile(`${FOLDER}/icon.svg`);
// To its very edges: the system cuts the corners itself.
const square = svg.replace(' rx="15"', "");
const browser = await launchBrowser();
await draw("icon-192.png", 192, svg);
await draw("icon-512.png", 512, svg);
await draw("icon-maskable-512.png", 512, square, SAFE_ZONE);
await browser.close();

async function draw(name: string, size: number, picture: string, scale = 1): Promise<void> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const ground = scale < 1 ? /<rect[^>]*fill="(#\w+)"/.exec(picture)![1] : "transparent";
  const style = `body { margin: 0; background: ${ground} } svg { display: block; scale: ${scale} }`;
  const sized = picture.replace("<svg ", `<svg width="${size}" height="${size}" `);
  await page.setContent(`<style>${style}</style>${sized}`);
  await page.screenshot({ path: `${FOLDER}/${name}`, omitBackground: true });
  await page.close();
}
