// What the keyboard of a reviewer's page says. A scanner is a keyboard that types fast, so a character waits a moment:
// one that no other has joined is a key, those that are joined never act, and six or more of them are a scan. Nobody
// else here listens for letters. Tells the document of it:
//   review:key    {key, digit, shift, repeat, target}  a lone character, or at once another key (arrows, Escape), not in a
//                                                      field; digit: of the key's place, also where a layout has it shifted;
//                                                      preventDefault() where it was taken
//   review:hurry  {}                                   two to five characters at once, not in a field
//   review:scan   {text, code, field, restore}         a scan, and the notice's code that it is, if it is one; restore()
//                                                      puts back what the field held before it
//   review:open   of a list, on which the space bar was pressed; preventDefault() where it was opened
"use strict";

(() => {
  const WAIT = 60; // milliseconds, also of the events' own time: a page that is busy hears late, but not wrongly
  const FALTER = 200; // a scan that has begun is allowed longer pauses: its rest is still no key
  const AFTERWARDS = 500; // an Enter that late still comes from the scanner
  const SCAN = 6; // characters

  const BESIDE = new Set(["Shift", "CapsLock", "Control", "Alt", "AltGraph", "Meta", "NumLock", "Fn"]);
  // selectors of one condition each: browsers that are held know no :not() and no :is() of a list
  const NO_TEXT = ["radio", "checkbox", "button", "submit", "reset", "file", "image"];
  const PRESSED = NO_TEXT.map((type) => `input[type=${type}]`).join();
  const TYPED = `input${NO_TEXT.map((type) => `:not([type=${type}])`).join("")}, textarea`;
  const isField = (target) => target.matches(TYPED);
  const isPressed = (target) => target.matches(`button, summary, ${PRESSED}`); // by the space bar
  const fold = (text) => text.normalize("NFKC").replace(/、/g, "/"); // what a Chinese input method makes of / and digits

  let burst = null; // what has been typed without a pause
  let timer = 0;
  let scanned = -Infinity; // when the last scan ended
  let before = ""; // what a field held when it was entered
  let left = null; // the field in which a scan has been left, and what it holds with it: nobody has written that
  let hushed = null; // a field that is being restored

  const tell = (name, detail) => !document.dispatchEvent(new CustomEvent(`review:${name}`, { detail, cancelable: true }));
  const pause = () => (burst.count >= SCAN ? FALTER : WAIT);
  const joins = (event) => burst && event.timeStamp - burst.at <= pause();

  // --- characters -------------------------------------------------------------------------------------------

  const SHIFTED = { Semicolon: ";:", Slash: "/?", Period: ".>", Comma: ",<", Minus: "-_", Equal: "=+", Space: "  " };

  // What stands on the key of this place where the keyboard is an American one; a phone's keyboard has no places.
  function printedOn(event) {
    const letter = /^Key([A-Z])$/.exec(event.code) || /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
    if (letter) return letter[1].toLowerCase();
    return event.code in SHIFTED ? SHIFTED[event.code][Number(event.shiftKey)] : null;
  }

  // The character of a key; "" where it is one that is not known yet or never; null where the key is no character.
  function characterOf(event) {
    if (event.altKey && /^Numpad[0-9]$/.test(event.code)) return ""; // scanners that type by numbers: told as Alt is let go
    if (event.altKey && event.ctrlKey && [...event.key].length === 1) return fold(event.key); // AltGr, of a German keyboard
    if (event.altKey || event.ctrlKey || event.metaKey) return null;
    if ([...event.key].length === 1) return fold(event.key);
    if (event.key === "Dead") return "";
    if (event.key !== "Process" && event.keyCode !== 229) return null;
    return printedOn(event); // an input method has taken the key
  }

  function begin(event) {
    const field = isField(event.target) ? event.target : null;
    burst = { text: "", printed: "", count: 0, at: 0, number: "", composed: false, field, held: field && contentOf(field), event };
  }

  function add(event, character) {
    burst.text += character;
    burst.printed += printedOn(event) || "";
    burst.count += 1;
    burst.composed = burst.composed || event.isComposing || event.key === "Process";
    if (character === "" && event.altKey) burst.number += event.code.slice(-1);
    extend(event);
  }

  function extend(event) {
    burst.at = event.timeStamp;
    burst.waited = false;
    clearTimeout(timer);
    timer = setTimeout(silence, pause() - (performance.now() - event.timeStamp));
  }

  // A timer that comes late has been held up, and so have the keys behind it: they are heard first.
  function silence() {
    const late = performance.now() - burst.at - pause();
    if (late > WAIT / 2 && !burst.waited) {
      burst.waited = true;
      timer = setTimeout(silence, WAIT);
    } else end();
  }

  // --- fields -----------------------------------------------------------------------------------------------

  const contentOf = (field) => [field.value, field.selectionStart, field.selectionEnd];

  function restore({ field, held, composed }) {
    if (!field) return;
    const [value, start, finish] = held;
    field.value = value;
    if (composed) { // ends the input method's work, and what it still puts into the field
      hushed = field;
      field.blur();
      field.value = value;
      field.focus();
      hushed = null;
    }
    if (start !== null) field.setSelectionRange(start, finish);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (value !== before) field.dispatchEvent(new Event("change", { bubbles: true })); // typed by hand before the scan
  }

  // A list that has the focus chooses by its first letter, as it does by itself, but not while a scan may be typed.
  function choose(list, key) {
    if (key === " ") {
      const isOpened = !list.dispatchEvent(new CustomEvent("review:open", { bubbles: true, cancelable: true }));
      if (!isOpened && list.showPicker) list.showPicker();
      else if (!isOpened) window.reviewSay("这个浏览器不能用空格键打开列表：请用上下键选择，或点一下列表。");
      return;
    }
    const found = [...list.options].find((option) => !option.disabled && fold(option.text.trim()).toLowerCase().startsWith(key.toLowerCase()));
    if (!found || found.selected) return;
    found.selected = true;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // --- the end of a burst -----------------------------------------------------------------------------------

  function end() {
    clearTimeout(timer);
    const { count, text, field, event } = burst;
    const done = burst;
    burst = null;
    if (count >= SCAN) {
      if (!isSearch(done)) scanned = done.at;
      left = field && { field, value: field.value };
      tell("scan", { text, code: codeOf(done), field, restore: () => restore(done) });
    } else if (field) return;
    else if (count > 1) tell("hurry", {});
    else press(event, text);
  }

  function press(event, key) {
    const { target, shiftKey: shift } = event;
    if (target.matches("select") && key) choose(target, key);
    else if (key === " " && isPressed(target)) target.click();
    else if (key) tell("key", { key, digit: digitOf(event), shift, repeat: false, target });
  }
  const digitOf = ({ code, key }) => Number(/^[0-9]$/.test(key) ? key : (/^Digit([0-9])$/.exec(code) || ["", ""])[1]) || 0;

  function swallow(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // --- listening --------------------------------------------------------------------------------------------

  function character(event, found) {
    const target = event.target;
    const inField = isField(target);
    if (!joins(event)) {
      if (burst) end();
      if (event.repeat) { // held: it has acted, and only a field goes on
        if (!inField && found !== " ") event.preventDefault();
        return;
      }
      begin(event);
    } else if (event.repeat && burst.count < SCAN) return;
    add(event, found);
    const scrolls = found === " " && burst.count === 1 && !isPressed(target) && !target.matches("select");
    if (!inField && !scrolls) event.preventDefault();
  }

  function another(event) {
    const closes = event.key === "Enter" || event.key === "Tab" || (event.keyCode === 229 && event.code === "Enter") || isControl(event);
    if (joins(event) && (burst.count >= SCAN || (closes && !burst.field))) {
      if (!isSearch(burst)) swallow(event);
      if (closes) end();
      else extend(event);
      return;
    }
    if (burst) end();
    if (closes && (event.timeStamp - scanned <= AFTERWARDS || (event.repeat && event.target.matches("a, button, summary")))) swallow(event);
    else if (!isField(event.target) && !event.target.matches("select") && !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const { key, shiftKey: shift, repeat, target } = event;
      if (tell("key", { key, digit: 0, shift, repeat, target })) event.preventDefault();
    } else if (event.key === "Escape" && !event.isComposing) event.target.blur();
  }

  // Carriage return, line feed and tab as some scanners send them: Ctrl with a letter.
  const isControl = ({ key, ctrlKey, altKey }) => ctrlKey && !altKey && /^[jmi]$/i.test(key);

  // As the layout has it, or as an American scanner means it where the computer's keyboard is another one.
  const codeOf = ({ text, printed }) => window.reviewCode(text) || window.reviewCode(printed);

  // What is typed into the search box by whatever means is searched for, unless it is a code.
  const isSearch = (done) => done.field && done.field.closest("[role=search]") && !codeOf(done);

  window.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element)) return;
    if (BESIDE.has(event.key)) {
      if (joins(event)) extend(event);
      return;
    }
    const found = characterOf(event);
    if (found === null) another(event);
    else character(event, found);
  }, true);
  window.addEventListener("keyup", (event) => {
    if (event.key === " " && event.target instanceof Element && isPressed(event.target)) event.preventDefault(); // pressed already
    if (event.key !== "Alt" || !burst || !burst.number) return;
    burst.text += String.fromCharCode(Number(burst.number));
    burst.number = "";
  }, true);
  window.addEventListener("change", (event) => {
    const { target } = event;
    if (target === hushed || (left && target === left.field && target.value === left.value)) event.stopImmediatePropagation();
  }, true);
  document.addEventListener("focusin", ({ target }) => { if (isField(target)) before = target.value; });
})();
