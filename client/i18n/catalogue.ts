// What a language file must hold, as types: a missing key or a missing plural form does not compile.
import type { FailureCode } from "../state/failure.ts";
import type { en } from "./en.ts";

/** A text for each plural category the language has (Unicode CLDR); `other` serves for the rest. */
export type Plural = { [Category in Exclude<Intl.LDMLPluralRule, "other">]?: string } & { other: string };

export type Key = keyof typeof en;
export type Catalogue = { readonly [K in Key]: typeof en[K] extends string ? string : Plural };

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type TextOf<K extends Key> = typeof en[K] extends string ? typeof en[K]
  : typeof en[K] extends Plural ? typeof en[K]["other"]
  : never;

/** The placeholders of a key's text, which every use must fill. */
export type Values<K extends Key> = Record<
  Names<TextOf<K>>,
  string | number
>;

/** Every failure has words: this line fails to compile when the catalogue of errors grows and English does not. */
type Unworded = Exclude<`failure.${FailureCode}`, Key>;
export const EVERY_FAILURE_HAS_WORDS: [Unworded] extends [never] ? true : never = true;
