// Segment's Node SDK against a running gateway. Usage: node run.mjs HOST WRITE_KEY SCENARIO EVENTS
// Prints one JSON line: what the SDK delivered, which errors it reported, whether the process stayed alive.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, scenario, count] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, flushAt: 5, flushInterval: 200, maxRetries: 2 });
const errors = [];
analytics.on("error", (error) => errors.push(String(error.code ?? error.name ?? "error")));

let delivered = 0;
let answered = 0;
const agreed = { consent: { categoryPreferences: { advertising: true, analytics: true } } };
const declined = { consent: { categoryPreferences: { advertising: false, analytics: false } } };

for (let number = 0; number < Number(count); number += 1) {
  const sent = scenario === "sent" || (scenario === "mixed" && number % 2 === 0);
  analytics.track(
    {
      userId: `sdk-${scenario}-${number}`,
      event: "Order Completed",
      properties: { total: 123.4, product: `sdk-${scenario}-${number}` },
      context: { ip: "203.0.113.77", location: { country: "DE" }, ...(sent ? agreed : declined) },
    },
    (error) => {
      answered += 1;
      if (!error) delivered += 1;
    },
  );
}

await analytics.closeAndFlush({ timeout: 20_000 });
console.log(JSON.stringify({ scenario, answered, delivered, errors }));
