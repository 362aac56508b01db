// Neither a key nor the URL of a recording must reach a ledger, a log or a reply, and some fields take any text.

/** SignalWire's signing keys and API tokens, and the secrets of senders, as far as their beginnings tell. */
const key = /PSK_[A-Za-z0-9]{8}|\bPT[0-9a-f]{16}|whsec_[A-Za-z0-9+/]{8}/;
/** SignalWire's own without a scheme too: whoever has the URL of a recording can hear it. */
const url = /https?:\/\/|signalwire\.com(?::[0-9]+)?\//i;

/** True if `text` holds a URL, or what looks like one of the keys that are in use around here. */
export const hasKeyOrUrl = (text: string): boolean => key.test(text) || url.test(text);
