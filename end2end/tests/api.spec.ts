import { expect, test } from '../fixtures/reeve';

test('the API page is found from the access tokens, told by noun, and accessible @mobile', async ({ owner: page, hydrated, a11y }) => {
  await page.goto('/me/tokens');
  await hydrated(page);
  await page.getByRole('link', { name: 'API', exact: true }).click();
  await expect(page).toHaveURL(/\/api$/);
  await expect(page).toHaveTitle('API · Reeve');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API');
  for (const noun of ['teams', 'workspaces', 'roles', 'service accounts']) {
    await expect(page.getByRole('heading', { level: 2, name: noun, exact: true })).toBeVisible();
  }
  // All of its two hundred operations are made of the same parts.
  await a11y(page, 'nav');

  await page.getByRole('link', { name: 'teams', exact: true }).click();
  const operation = page.locator('details#create_team');
  await operation.locator('summary').click();
  await expect(operation).toContainText('team.manage in the organization');
  await expect(operation.getByRole('region', { name: 'Call of POST /api/fn/teams/create' })).toContainText('-d org=ORG');
  await expect(operation).toContainText('409');
  await a11y(page, 'section:has(#create_team)');
  const { scroll, width } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, width: innerWidth }));
  expect(scroll, 'nothing sticks out sideways').toBeLessThanOrEqual(width);
});

test('the API page needs nobody and no script, and its document is the one that is served', async ({ browser, reeve }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const answer = await page.goto(`${reeve.url}/api`);
  expect(answer?.status()).toBe(200);
  await page.locator('details#create_team > summary').click();
  await expect(page.locator('details#create_team')).toContainText('Who may:');
  const served = await page.request.get(`${reeve.url}/api/openapi.json`);
  const { openapi, paths } = await served.json();
  expect(openapi).toBe('3.1.0');
  const operations = Object.values<object>(paths).flatMap((methods) => Object.keys(methods));
  await expect(page.locator('details')).toHaveCount(operations.length);
  await context.close();
});
