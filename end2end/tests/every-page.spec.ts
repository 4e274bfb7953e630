import { PAGES, routesOfTheApp } from '../fixtures/pages';
import { expect, test } from '../fixtures/reeve';

test('every route of the app is swept', () => {
  const swept = new Set(PAGES.map((page) => page.route));
  const routes = routesOfTheApp();
  expect(routes.length, 'the route table was read').toBeGreaterThan(20);
  expect(routes.filter((route) => !swept.has(route)), 'add a row to fixtures/pages.ts').toEqual([]);
});

// The console is watched by a fixture: a warning, an error or a failed request on any of them fails the test.
for (const row of PAGES) {
  test(`${row.name}: clean, accessible, one heading${row.phone ? ' @mobile' : ''}`, async ({ owner, visitor, world, hydrated, a11y, consoleClean }) => {
    const page = row.as === 'owner' ? owner : await visitor();
    if (row.status) consoleClean.allow(new RegExp(`status of ${row.status}`));
    const answer = await page.goto(await row.at(world));
    expect(answer?.status()).toBe(row.status ?? 200);
    await hydrated(page);
    const headings = page.getByRole('heading', { level: 1 });
    await expect(headings).toHaveCount(1);
    await expect(headings).toHaveText(row.heading);
    await expect(page).toHaveTitle(/\S+ · Reeve$/);
    const { scroll, width } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, width: innerWidth }));
    expect(scroll, 'nothing sticks out sideways').toBeLessThanOrEqual(width);
    await a11y(page);
  });
}
