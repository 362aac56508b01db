// Loaded into a function's process before its bundle: says on standard error where each connection is opened to, and whose name is
// looked up.
const net = require("node:net");
const dns = require("node:dns");

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  const to = typeof first === "object" && first !== null ? first : { port: first, host: second };
  process.stderr.write(`@connect ${to.path ?? `${to.host ?? "localhost"}:${to.port}`}\n`);
  return connect.apply(this, given);
};
const lookup = dns.lookup;
dns.lookup = function (name, ...rest) {
  process.stderr.write(`@lookup ${name}\n`);
  return lookup.call(this, name, ...rest);
};
