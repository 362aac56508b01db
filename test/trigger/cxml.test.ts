import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { element, responseOf } from "../../functions/trigger/cxml.ts";

describe("cXML", () => {
  test("is one document of the verbs in their order", () => {
    const verbs = [element("Say", { language: "en-US" }, "Hello"), element("Hangup", {})];
    expect(responseOf(...verbs)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-US">Hello</Say><Hangup/></Response>',
    );
  });

  test("leaves out an attribute without a value", () => {
    expect(element("Say", { voice: undefined }, "x").markup).toBe("<Say>x</Say>");
  });

  test("escapes text and attributes", () => {
    expect(element("Say", { voice: `"<&>'` }, `</Say><Hangup/>&"'`).markup).toBe(
      '<Say voice="&quot;&lt;&amp;&gt;&apos;">&lt;/Say&gt;&lt;Hangup/&gt;&amp;&quot;&apos;</Say>',
    );
  });

  test("drops what XML does not allow, and mends half a character", () => {
    expect(element("Say", {}, "a\u0000b\u0008c\uFFFEd\uD800e").markup).toBe("<Say>abcd\uFFFDe</Say>");
  });

  test("is well-formed and says the text again, whatever the text is", () => {
    const parser = new XMLParser({ trimValues: false, parseTagValue: false, processEntities: true });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (hostile) => {
        const document = responseOf(element("Say", { voice: hostile }, `.${hostile}`));
        expect(XMLValidator.validate(document)).toBe(true);
        expect(Object.keys(parser.parse(document).Response)).toEqual(["Say"]);
      }),
      { numRuns: 3_000 },
    );
  });
});
