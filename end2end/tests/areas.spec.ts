import { expect, test } from '../fixtures/reeve';

const FILE = /\/pkg\/(\w+)\.[\w-]+\.(wasm|js)$/;

test('a first visit loads what the page needs, once, to be kept', async ({ owner, hydrated }) => {
  const loaded: string[] = [];
  owner.on('request', (request) => {
    if (FILE.test(request.url())) loaded.push(new URL(request.url()).pathname);
  });
  const answer = await owner.goto('/me');
  await hydrated(owner);
  const named = [...(await answer!.text()).matchAll(/href="(\/pkg\/[^"]+\.(?:wasm|js))"/g)].map((match) => match[1]!);
  expect(loaded.map((path) => FILE.exec(path)![1]!).filter((name) => name.startsWith('split_'))).toEqual(['split_account']);
  expect([...loaded].sort(), 'all of it is named in the head').toEqual([...named].sort());
  for (const path of loaded) {
    const file = await owner.request.get(path, { headers: { 'accept-encoding': 'gzip' } });
    const headers = file.headers();
    expect(headers['cache-control'], path).toContain('immutable');
    expect(headers['content-type'], path).toContain(path.endsWith('.js') ? 'javascript' : 'application/wasm');
  }
});

test('an area that cannot be had is left to the server', async ({ owner, hydrated, consoleClean }) => {
  consoleClean.allow(/split_people/);
  consoleClean.allow(/Failed to fetch|instantiateStreaming/);
  await owner.goto('/me');
  await hydrated(owner);
  await owner.evaluate(() => Object.assign(window, { sameDocument: true }));
  await owner.route('**/pkg/split_people.*.wasm', (route) => route.abort());
  let refused = 0;
  owner.on('console', (message) => {
    if (/Failed to fetch|instantiateStreaming/.test(message.text())) refused += 1;
  });
  const heading = owner.getByRole('heading', { level: 1 });
  await owner.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Members/ }).click();
  await expect(heading).toHaveText('Members');
  await expect(owner).toHaveURL(/\/members$/);
  expect(await owner.evaluate(() => 'sameDocument' in window), 'the server was asked for the whole page').toBe(false);

  // Such a page stays what the server made of it, and its links lead on.
  await expect.poll(() => refused, 'the page knows that it stays so').toBeGreaterThanOrEqual(2);
  await owner.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Settings/ }).click();
  await expect(heading).toHaveText('Settings');
  await hydrated(owner);

  // Going back to it changes the address before the page.
  await owner.goBack();
  await expect(heading).toHaveText('Members');
  await owner.unroute('**/pkg/split_people.*.wasm');
  await owner.reload();
  await hydrated(owner);
  await expect(heading).toHaveText('Members');
});
