import { readFileSync } from 'node:fs';

const axe = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
export const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// What axe finds wrong with a page as it is now, a line each; tags choose from its rules. It is loaded into a document once, and asked there for
// nothing but what is wrong: its own way over Playwright, with another page for every answer, takes eight times as long.
export async function wrongs(page, tags) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate((options) => window.axe.run(document, options), {
    resultTypes: ['violations'], ...(tags && { runOnly: tags }),
  });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}
