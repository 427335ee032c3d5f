// How a message's text is shown: links, WhatsApp's marks, numbered choices, codes.

import { el } from "./dom.js";

const MARKS = [
  [/^```([\s\S]+?)```/, "code"],
  [/^\*(?=\S)([^*\n]*\S)\*(?!\w)/, "strong"],
  [/^_(?=\S)([^_\n]*\S)_(?!\w)/, "em"],
  [/^~(?=\S)([^~\n]*\S)~(?!\w)/, "s"],
];
const LINK = /^https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/;

/** Nodes for a text; marks count only in WhatsApp and only at a word's start. */
export function rich(text, marks) {
  const nodes = [];
  let plain = "";
  const flush = () => { if (plain) nodes.push(plain); plain = ""; };
  for (let i = 0; i < text.length; ) {
    const rest = text.slice(i);
    const atStart = i === 0 || /[\s(>*_~]/.test(text[i - 1]);
    const link = atStart && LINK.exec(rest);
    const mark = marks && atStart && MARKS.map(([shape, name]) => [shape.exec(rest), name]).find(([found]) => found);
    if (link) {
      flush();
      nodes.push(el("a", { href: link[0], target: "_blank", rel: "noopener noreferrer" }, link[0]));
      i += link[0].length;
    } else if (mark) {
      flush();
      const inner = mark[1] === "code" ? [mark[0][1]] : rich(mark[0][1], true);
      nodes.push(el(mark[1], {}, ...inner));
      i += mark[0][0].length;
    } else {
      plain += text[i++];
    }
  }
  flush();
  return nodes;
}

/** Choices written as "1. ..." lines, counted from 1; fewer than two are none. */
export function choices(text) {
  const found = [];
  for (const line of text.split("\n")) {
    const match = /^\s*\*?(\d{1,2})\*?[.)]\s+(.+?)\s*$/.exec(line);
    if (match && Number(match[1]) === found.length + 1) found.push({ number: match[1], text: match[2].replace(/[*_~]/g, "") });
  }
  return found.length >= 2 ? found : [];
}

/** A one-time code in the text, or undefined. */
export const code = (text) => /(?<![\d.,-])\d{4,8}(?![\d.,-]*\d)/.exec(text)?.[0];
