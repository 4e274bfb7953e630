import { type Installation, expect, test } from '../fixtures/reeve';
import { Workspace } from '../fixtures/workspace';

const usageOf = (reeve: Installation) => `/organizations/${reeve.initial!.organization_id}/usage`;

test('a limit is set, met, raised and lifted, and holds at the next question of a workspace', async ({ reeve, owner, request, hydrated, a11y }) => {
  const workspace = await Workspace.enrol(request, reeve, 'counting', 'Counting');
  await workspace.hasMade('pipeline');
  const second = await workspace.hasMade('pipeline');
  // Reported twice, counted once.
  await workspace.hasMade('pipeline', second);
  expect((await workspace.mayMake('pipeline')).status()).toBe(200);

  await owner.goto(usageOf(reeve));
  await hydrated(owner);
  const pipelines = owner.getByRole('listitem').filter({ hasText: /^Pipelines/ });
  await expect(pipelines).toContainText('2, no limit');
  await pipelines.getByText('By workspace: pipelines').click();
  await expect(pipelines.getByRole('row', { name: /Counting/ })).toContainText('2');

  const set = async (most: string) => {
    await owner.getByLabel('Of what').selectOption({ label: 'Pipelines' });
    await owner.getByLabel('At most').fill(most);
    await owner.getByRole('button', { name: 'Set limit' }).click();
  };
  await set('2');
  const meter = owner.getByRole('meter', { name: 'Pipelines' });
  await expect(meter).toHaveAttribute('aria-valuetext', '2 of 2');
  await expect(pipelines).toContainText('The limit is reached: the next one is refused.');
  await expect(owner.getByLabel('At most')).toHaveValue('');
  await a11y(owner);
  const refused = await workspace.mayMake('pipeline');
  expect(refused.status()).toBe(402);
  expect(await refused.text()).toContain('Pipelines: your organization has reached its limit of 2.');

  await set('5');
  await expect(meter).toHaveAttribute('aria-valuetext', '2 of 5');
  expect((await workspace.mayMake('pipeline')).status()).toBe(200);
  await set('1');
  await expect(pipelines).toContainText('1 over the limit. What is there stays');
  expect((await workspace.mayMake('pipeline')).status()).toBe(402);

  await set('0');
  await expect(pipelines).toContainText('Nothing more can be made.');

  await pipelines.getByRole('button', { name: 'Lift limit on pipelines' }).click();
  await expect(pipelines).toContainText('2, no limit');
  expect((await workspace.mayMake('pipeline')).status()).toBe(200);
});

test('a limit that is no number is answered at its field', async ({ reeve, owner, hydrated, consoleClean }) => {
  await owner.goto(usageOf(reeve));
  await hydrated(owner);
  consoleClean.allow(/status of 422/);
  await owner.getByLabel('Of what').selectOption({ label: 'Models' });
  await owner.getByLabel('At most').fill('9999999999');
  await owner.getByRole('button', { name: 'Set limit' }).click();
  await expect(owner.getByLabel('At most')).toHaveAttribute('aria-invalid', 'true');
  await expect(owner.getByLabel('At most')).toBeFocused();
  await expect(owner.getByLabel('At most')).toHaveValue('9999999999');
  await expect(owner.getByLabel('Of what')).toHaveValue('model');
});

test('usage is seen by more people than may set limits', async ({ reeve, join, hydrated, consoleClean }) => {
  const viewer = await join('sees-usage@acme.test', 'Vic Viewer', { role: 'organization-viewer' });
  await viewer.page.goto(usageOf(reeve));
  await hydrated(viewer.page);
  await expect(viewer.page.getByText('Pipelines', { exact: true })).toBeVisible();
  await expect(viewer.page.getByRole('button', { name: 'Set limit' })).toHaveCount(0);
  await expect(viewer.page.getByRole('button', { name: /^Lift limit/ })).toHaveCount(0);

  const billing = await join('bills-usage@acme.test', 'Bea Billing', { role: 'billing-admin' });
  await billing.page.goto(usageOf(reeve));
  await hydrated(billing.page);
  await expect(billing.page.getByRole('button', { name: 'Set limit' })).toBeVisible();

  const member = await join('no-usage@acme.test', 'Mo Member');
  consoleClean.allow(/status of 403/);
  expect((await member.page.goto(usageOf(reeve)))?.status()).toBe(403);
  await expect(member.page.getByRole('heading', { level: 1, name: 'You may not open this' })).toBeVisible();
});
