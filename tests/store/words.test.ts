// How names become words to be found by.
import { describe, expect, it } from "vitest";
import { foldWords, indexWords } from "../../server/store/words.ts";

describe("foldWords", () => {
  it.each([
    ["Ram  Bahadur-Thapa", ["ram", "bahadur", "thapa"]],
    ["ram.thapa_7", ["ram", "thapa", "7"]],
    ["ＲＡＭ ﬁsh", ["ram", "fish"]],
    ["राम बहादुर थापा", ["राम", "बहादुर", "थापा"]],
    ["प्रियंका कुमारी", ["प्रियंका", "कुमारी"]],
    ["सूर्या र\u094d\u200dयाल", ["सूर्या", "र\u094dयाल"]],
    ["王小明", ["王小明"]],
    ["Ann ann ANN", ["ann"]],
    ["!? …", []],
    ["a\ud800b", ["a", "b"]],
  ])("%j → %j", (text, words) => expect(foldWords(text)).toEqual(words));

  it("cuts a word to what an index entry can hold", () => {
    expect(foldWords("𝟙".repeat(500))).toEqual(["1".repeat(64)]);
    expect(foldWords("न".repeat(500))[0]).toBe("न".repeat(64));
  });
});

describe("indexWords", () => {
  it("adds every suffix in scripts without spaces", () => {
    expect(indexWords("王小明")).toEqual(["王小明", "小明", "明"]);
    expect(indexWords("さくら")).toEqual(["さくら", "くら", "ら"]);
  });

  it("begins no suffix at a mark", () => {
    expect(indexWords("มีนา")).toEqual(["มีนา", "นา", "า"]);
    expect(indexWords("मीना")).toEqual(["मीना"]);
  });
});
