// What the suite starts as its client: asks the test to play a scenario against the suite's server.
const [test, server] = process.argv.slice(2);
const answer = await fetch(test, {
  method: 'POST',
  body: JSON.stringify({
    server,
    scenario: process.env.MCP_CONFORMANCE_SCENARIO,
    revision: process.env.MCP_CONFORMANCE_PROTOCOL_VERSION,
    context: JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}')
  })
});
console.log(await answer.text());
process.exit(answer.ok ? 0 : 1);
