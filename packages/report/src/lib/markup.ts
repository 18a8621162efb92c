/** HTML, as opposed to text that looks like it. */
export interface Markup {
  readonly html: string;
}

type Part = Markup | string | number | undefined | false | readonly Part[];

/** A template of HTML: what is put into it is text, and escaped, unless it is {@link Markup} itself. */
export function markup(parts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { html: parts.map((part, i) => part + htmlOf(values[i])).join('') };
}

/** Takes a string as HTML that is well-formed already. */
export function raw(html: string): Markup {
  return { html };
}

/** JSON that can stand inside a `<script type="application/json">`. */
export function embeddedJson(value: unknown): Markup {
  return raw(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

function htmlOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return 'html' in part ? part.html : part.map(htmlOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
