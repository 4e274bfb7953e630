import { expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

test('the log is filtered by its address, and each entry has one that stays', async ({ reeve, owner, world, visitor, hydrated, consoleClean }) => {
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await serverFunction(owner.request, reeve.url, 'orgs/update', { org: world.org, display_name: 'acme', description: 'Newest' });
  await owner.goto(`${org}/audit`);
  await hydrated(owner);
  await expect(owner.getByRole('row', { name: /organization updated/i }).first()).toBeVisible();
  await owner.getByLabel('Action').selectOption('workspace.enrolled');
  await owner.getByRole('button', { name: 'Filter' }).click();
  await owner.waitForURL(/action=workspace\.enrolled/);
  const table = owner.getByRole('table');
  await expect(table.getByRole('row', { name: /organization updated/i })).toHaveCount(0);
  const entry = table.getByRole('row', { name: /workspace enrolled/i }).filter({ hasText: world.workspace }).first();
  await entry.getByRole('link').first().click();
  await owner.waitForURL(new RegExp(`${org}/audit/[0-9a-f-]{36}$`));
  await expect(owner.getByRole('main')).toContainText('owner');
  await expect(owner.getByRole('main')).toContainText('workspace.enrolled');

  // The address alone is enough for another administrator, and for nobody else.
  const permalink = owner.url();
  await owner.goto(permalink);
  await expect(owner.getByRole('main')).toContainText('workspace.enrolled');
  const stranger = await visitor();
  await stranger.goto(permalink);
  await expect(stranger).toHaveURL(/\/login/);

  consoleClean.allow(/status of (404|422)/);
  await owner.goto(`${org}/audit?actor=not-an-id`);
  await expect(owner.getByText('These filters cannot be used')).toBeVisible();
});

test('pages of the log follow each other without a gap', async ({ reeve, owner, hydrated }) => {
  const org = `/organizations/${reeve.initial!.organization_id}`;
  // More entries than a page holds.
  for (let n = 0; n < 60; n += 1) {
    const answer = await owner.request.post(`${reeve.url}/api/fn/orgs/update`, {
      form: { org: reeve.initial!.organization_id, display_name: 'acme', description: `Number ${n}` },
      headers: { origin: reeve.url },
    });
    expect(answer.ok()).toBe(true);
  }
  await owner.goto(`${org}/audit?action=organization.updated`);
  await hydrated(owner);
  const links = () => owner.getByRole('table').getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  const seen = await links();
  const next = owner.getByRole('link', { name: /next|older/i });
  while ((await next.count()) > 0 && (await next.getAttribute('href')) !== null) {
    const before = owner.url();
    await next.click();
    await owner.waitForURL((url) => url.href !== before);
    await expect.poll(async () => (await links()).some((href) => seen.includes(href))).toBe(false);
    seen.push(...(await links()));
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThanOrEqual(60);
});

test('what is filtered is exported, as lines of JSON and as CSV', async ({ reeve, owner, world, hydrated }) => {
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await owner.goto(`${org}/audit?action=workspace.enrolled`);
  await hydrated(owner);
  for (const [button, end] of [['Export JSON lines', '.jsonl'], ['Export CSV', '.csv']] as const) {
    const download = owner.waitForEvent('download');
    await owner.getByRole('link', { name: button }).click();
    const file = await download;
    expect(file.suggestedFilename()).toContain(end);
    const stream = await file.createReadStream();
    let text = '';
    for await (const chunk of stream) text += chunk;
    expect(text).toContain('workspace.enrolled');
    expect(text).toContain(world.workspace);
    expect(text).not.toContain('connection.created');
    if (end === '.jsonl') for (const line of text.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ action: 'workspace.enrolled' });
  }
});
