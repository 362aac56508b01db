import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { element, responseOf } from "../../functions/trigger/cxml.ts";
import { NotXml, readXml } from "../fixtures/strict-xml.ts";

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

describe("the reader that the tests judge answers by", () => {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

  test("reads elements, attributes and escaped text", () => {
    expect(readXml(`${declaration}<R a="1&amp;&#10;2"><S/>x&lt;y</R>`)).toEqual({
      name: "R",
      attributes: { a: "1&\n2" },
      children: [{ name: "S", attributes: {}, children: [], text: "" }],
      text: "x<y",
    });
  });

  test.each([
    "<R/>",
    ` ${declaration}<R/>`,
    `${declaration}`,
    `${declaration}<R>`,
    `${declaration}<R/><R/>`,
    `${declaration}x<R/>`,
    `${declaration}<R></S>`,
    `${declaration}<R><S></R></S>`,
    `${declaration}<R a="1" a="2"/>`,
    `${declaration}<R a='1'/>`,
    `${declaration}<R a="<"/>`,
    `${declaration}<R>&</R>`,
    `${declaration}<R>&nbsp;</R>`,
    `${declaration}<R>a > b</R>`,
    `${declaration}<R>\u0001</R>`,
    `${declaration}<R>\ud800</R>`,
    `${declaration}<R><!-- x --></R>`,
    `${declaration}<R><![CDATA[x]]></R>`,
    `${declaration}<!DOCTYPE R><R/>`,
  ])("refuses %s", (document) => {
    expect(() => readXml(document)).toThrow(NotXml);
  });

  test("reads again what was written, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const { children } = readXml(responseOf(element("Say", { voice: text }, text)));
        expect(children).toEqual([{ name: "Say", attributes: { voice: text }, children: [], text }]);
      }),
      { numRuns: 1_000 },
    );
  });
});
