// What the generator counts without decoding is what the frames say, in either protocol.
import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { SeenFrames } from "../../bench/generator/client.ts";
import { mark, Scan, scanChautari, scanSocketIo, WHOLE_REF } from "../../bench/generator/scan.ts";

function scanned(read: typeof scanChautari, text: string): Scan {
  const into = new Scan();
  // Others' bytes stand before and behind, as in a socket's buffer.
  const bytes = Buffer.from(`}],${text}[{"`);
  read(bytes, 3, 3 + Buffer.byteLength(text), into);
  return into;
}

const message = (sender: number, counter: number, numbers: object) => ({
  ...numbers,
  system: null,
  // Braces, brackets and quotes in a text are not the frame's.
  body: `${mark(sender, counter)} "how} much]\\ for, {that?" नमस्ते`,
  title: '"seq":99,"ref":"5"',
});

describe("scanning", () => {
  it("counts Chautari's events, acknowledgements and refusals", () => {
    const greeting = { event: "welcome", epoch: "e", userId: "u" };
    const whole = { ref: String(WHOLE_REF), ok: { conversations: [] } };
    const scan = scanned(
      scanChautari,
      JSON.stringify([
        greeting,
        { event: "message", message: message(12, 34, { seq: 5678 }) },
        { ref: "00000034", ok: { message: message(12, 34, { seq: 5678 }) } },
        { event: "message", message: message(13, 1, { seq: 5679 }) },
        { ref: "00000035", error: { code: "rate_limited", message: "…", retryable: true } },
        whole,
      ]),
    );
    expect(scan.deliveries).toEqual([12, 34, 5678, 13, 1, 5679]);
    expect(scan.acknowledged).toEqual([34]);
    expect(scan.refused).toEqual([35]);
    expect(scan.refusal).toContain("rate_limited");
    expect(scan.other.map((text) => JSON.parse(text))).toEqual([greeting, whole]);
  });

  it("counts Socket.IO's events, acknowledgements and refusals", () => {
    const event = scanned(scanSocketIo, `42${JSON.stringify(["message", message(7, 8, { id: 9 })])}`);
    expect(event.deliveries).toEqual([7, 8, 9]);
    const answer = scanned(scanSocketIo, `4300000008${JSON.stringify([{ message: message(7, 8, { id: 9 }) }])}`);
    expect(answer.acknowledged).toEqual([8]);
    expect(answer.deliveries).toEqual([]);
    expect(scanned(scanSocketIo, '4300000009[{"error":"not_found"}]').refused).toEqual([9]);
    expect(scanned(scanSocketIo, "2").other).toEqual(["2"]);
    expect(scanned(scanSocketIo, '40{"sid":"x"}').other).toEqual(['40{"sid":"x"}']);
    expect(scanned(scanSocketIo, `43${WHOLE_REF}[{"messages":[]}]`).other).toHaveLength(1);
  });
});

describe("frames that were seen before", () => {
  it("are taken for the same only where every byte is", () => {
    const seen = new SeenFrames();
    const frame = (seq: number) => Buffer.from(JSON.stringify([{ event: "message", message: message(1, 2, { seq }) }]));
    let scans = 0;
    const read = (bytes: Buffer) =>
      seen.read(
        (...given) => {
          scans++;
          scanChautari(...given);
        },
        bytes,
        0,
        bytes.length,
      ).deliveries.at(2);
    expect([10, 11, 10, 11].map((seq) => read(frame(seq)))).toEqual([10, 11, 10, 11]);
    expect(scans).toBe(2);
  });
});
