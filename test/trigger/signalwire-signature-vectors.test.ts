import { expect, test } from "vitest";
import type { Form } from "../../functions/trigger/form.ts";
import { isSigned } from "../../functions/trigger/signalwire-signature.ts";

// The scheme is the one of Twilio's webhooks, and Twilio's libraries publish more examples of it than SignalWire's do.

const call: Form = [
  ["CallSid", "CA1234567890ABCDE"],
  ["Caller", "+14158675309"],
  ["Digits", "1234"],
  ["From", "+14158675309"],
  ["To", "+18005551212"],
];
const inbound: Form = [
  ["AccountSid", "AC9a9f9392lad99kla0sklakjs90j092j3"],
  ["ApiVersion", "2010-04-01"],
  ["CallSid", "CAd800bb12c0426a7ea4230e492fef2a4f"],
  ["CallStatus", "ringing"],
  ["Called", "+15306384866"],
  ["CalledCity", "OAKLAND"],
  ["CalledCountry", "US"],
  ["CalledState", "CA"],
  ["CalledZip", "94612"],
  ["Caller", "+15306666666"],
  ["CallerCity", "SOUTH LAKE TAHOE"],
  ["CallerCountry", "US"],
  ["CallerName", "CA Wireless Call"],
  ["CallerState", "CA"],
  ["CallerZip", "89449"],
  ["Direction", "inbound"],
  ["From", "+15306666666"],
  ["FromCity", "SOUTH LAKE TAHOE"],
  ["FromCountry", "US"],
  ["FromState", "CA"],
  ["FromZip", "89449"],
  ["To", "+15306384866"],
  ["ToCity", "OAKLAND"],
  ["ToCountry", "US"],
  ["ToState", "CA"],
  ["ToZip", "94612"],
];
const page = "mycompany.com/myapp.php?foo=1&bar=2";

test.each<[string, string, string, string, Form]>([
  [
    "signalwire-python, test_request_validator.py",
    "12345",
    `https://${page}`,
    "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    call,
  ],
  ["twilio-php, testValidateAddsPortHttps", "12345", `https://${page}`, "kvajT1Ptam85bY51eRf/AJRuM3w=", call],
  [
    "twilio-csharp, TestValidateDictionaryMixedCase",
    "12345",
    "https://MyCompany.com/myapp.php?foo=1&bar=2",
    "g9IN/x4Cft2g517EjYvEvM/W7LU=",
    call,
  ],
  [
    "twilio-csharp, TestValidateDictionaryMixedCaseWithPort",
    "12345",
    "https://MyCompany.com:1234/myapp.php?foo=1&bar=2",
    "PCqOZm8cnu/L6+u5i5fuEd+Iac4=",
    call,
  ],
  [
    "twilio-csharp, TestValidateDictionaryMixedCaseAddsPortHttp",
    "12345",
    "http://MyCompany.com/myapp.php?foo=1&bar=2",
    "XY7AlKOKL6im4yWyX84gldUrtis=",
    call,
  ],
  [
    "twilio-csharp, TestValidateAddsCustomPortHttps",
    "12345",
    "https://mycompany.com:1234/myapp.php?foo=1&bar=2",
    "CYn1h0gLBdNxDGkKJg6hYohgeD8=",
    call,
  ],
  [
    "twilio-csharp, TestValidateAddsCustomPortHttp",
    "12345",
    "http://mycompany.com:1234/myapp.php?foo=1&bar=2",
    "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
    call,
  ],
  [
    "twilio-php, testBuildUrlCreds",
    "12345",
    `https://user:pass@${page}`,
    "CukzLTc1tT5dXEDIHm/tKBanW10=",
    call,
  ],
  ["twilio-php, testBuildUrlWithUser", "12345", `https://user@${page}`, "2YRLlVAflCqxaNicjMpJcSTgzSs=", call],
  [
    "twilio-python, test_validation",
    "1c892n40nd03kdnc0112slzkl3091j20",
    "http://www.postbin.org/1ed898x",
    "fF+xx6dTinOaCdZ0aIeNkHr/ZAA=",
    inbound,
  ],
])("the signature published in %s is accepted", (_, key, url, signature, form) => {
  expect(isSigned([key], signature, url, form)).toBe(true);
  expect(isSigned([`${key}x`], signature, url, form)).toBe(false);
});

test.each([
  [
    "a signature without the port, twilio-php testValidateRemovesPortHttps",
    "https://mycompany.com:1234",
    "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
  ],
  [
    "a signature with port 80, twilio-php testValidateAddsPortHttp",
    "http://mycompany.com",
    "0ZXoZLH/DfblKGATFgpif+LLRf4=",
  ],
])(
  "%s, which those libraries take for another port than the one it names, is refused",
  (_, origin, signature) => {
    expect(isSigned(["12345"], signature, `${origin}/myapp.php?foo=1&bar=2`, call)).toBe(false);
  },
);

test("a signature of the URL alone, which twilio-php takes for any body whose hash the URL has, proves no form", () => {
  const hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
  const url = `https://${page}&bodySHA256=${hash}`;
  expect(isSigned(["12345"], "a9nBmqA0ju/hNViExpshrM61xv4=", url, call)).toBe(false);
  expect(isSigned(["12345"], "a9nBmqA0ju/hNViExpshrM61xv4=", url, [])).toBe(true);
});
