import { generateKeyPairSync, sign } from "node:crypto";

/** What a TLS server on loopback needs; both are PEM. */
export type Certificate = { readonly key: string; readonly cert: string };

// Just enough DER (ITU-T X.690) for one self-signed certificate of RFC 5280: Node.js can read certificates, not make them.
const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Buffer[]) => tagged(0x30, ...parts);
const hex = (text: string) => Buffer.from(text, "hex");
const objectId = (body: string) => tagged(0x06, hex(body));
const bits = (content: Buffer) => tagged(0x03, Buffer.from([0]), content);
const time = (at: Date) =>
  tagged(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));

const ecdsaWithSha256 = sequence(objectId("2a8648ce3d040302"));
const commonName = objectId("550403");
const extension = (id: string, content: Buffer) => sequence(objectId(id), tagged(0x04, content));

/** A certificate for 127.0.0.1 that vouches for itself, good for a day either way. */
export function makeCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(tagged(0x31, sequence(commonName, tagged(0x0c, Buffer.from("holdfast bench")))));
  const day = 86_400_000;
  const validity = sequence(time(new Date(Date.now() - day)), time(new Date(Date.now() + day)));
  const alternativeName = sequence(tagged(0x87, Buffer.from([127, 0, 0, 1])));
  const isAuthority = sequence(tagged(0x01, Buffer.from([0xff])));
  const certified = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(extension("551d11", alternativeName), extension("551d13", isAuthority))),
  );
  const der = sequence(certified, ecdsaWithSha256, bits(sign("sha256", certified, privateKey)));
  const lines = der.toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
