import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Unit, type Usage, units } from "./usage.ts";

export type Price = {
  readonly usd: number;
  readonly per: number;
  readonly what: string;
  /** Null: the source has no date. */
  readonly asOf: string | null;
  readonly source: string;
};
export type PriceList = { readonly region: string; readonly prices: { readonly [Of in Unit]: Price } };

export const readPrices = (): PriceList =>
  JSON.parse(readFileSync(join(import.meta.dirname, "..", "prices.json"), "utf8")) as PriceList;

/** Dollars by unit; list prices without free tiers and discounts. */
export const priced = (usage: Usage, { prices }: PriceList): { readonly [Of in Unit]: number } =>
  Object.fromEntries(
    units.map((unit) => [unit, ((usage[unit] ?? 0) * prices[unit].usd) / prices[unit].per]),
  ) as { readonly [Of in Unit]: number };

export const total = (usage: Usage, list: PriceList): number =>
  Object.values(priced(usage, list)).reduce((dollars, one) => dollars + one, 0);
