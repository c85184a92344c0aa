// Says what was looked at and what failed, and adds up, in the words that tests/run counts.

export default async function* reporter(events) {
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.file) yield `${data.message}\n`;
    if (type === 'test:pass') passed += 1;
    if (type === 'test:fail') {
      failed += 1;
      yield `FAILED: ${data.name}\n${data.details.error.cause?.message ?? data.details.error.message}\n`;
    }
  }
  yield `hubspot project: ${passed} passed, ${failed} failed\n`;
}
