/* A PDF: how many pages it has, and the sheet in which one ticks those that are to become pictures. It is fetched with
   the first PDF, as is what draws them. */
"use strict";

window.materialsPages = (() => {
  const { PLACES, Unfit, besides, named, script } = window.materialsPictures;
  const { make } = window.materialsCards;
  const { pdfWorker: WORKER, pdf: DRAWING, pdfLibrary: LIBRARY, pdfOther: OTHER } = PLACES;
  const MAPS = new URL(PLACES.pdfMaps, document.baseURI).href;

  const MOST = 50; // pages that are offered
  const PATIENCE = 60000; // milliseconds for a page, or for what is fetched first
  const SMALL = 220; // pixels a side of what one chooses by
  const REASONS = {
    PasswordException: "这个 PDF 有密码，打不开。请先去掉密码（在能打开它的软件里另存，或打印成新的 PDF），再重新选取。",
    InvalidPDFException: "这个 PDF 已损坏或不完整，打不开。请重新扫描或导出后再选取。",
  };
  const UNABLE = "这个浏览器打不开这个 PDF。请换新版的 Chrome、Edge 浏览器，或者把需要的页导出为 JPEG 图片再上传。";
  const many = (count) => `这个 PDF 有 ${count} 页，太多了（最多 ${MOST} 页）。请只把需要的页另存（或打印）成一个 PDF，再重新选取。`;

  const byWorker = besides(WORKER, [LIBRARY, OTHER, DRAWING], PATIENCE);
  let hasWorker = true;

  const inPage = async (act, given) => {
    await script(LIBRARY);
    await script(DRAWING);
    return window.materialsPdf[act](...given);
  };

  const ask = async (act, ...given) => {
    if (hasWorker) {
      try {
        return await byWorker({ act, given });
      } catch (error) {
        if (error.message in REASONS) throw new Unfit(REASONS[error.message]);
        hasWorker = false;
      }
    }
    try {
      return await inPage(act, given);
    } catch (error) {
      throw new Unfit(REASONS[error.name] || UNABLE);
    }
  };

  // Opens the PDF, as the one whose pages are drawn from now on.
  const open = async (bytes) => {
    const count = await ask("opened", bytes.slice(), { worker: OTHER, maps: MAPS }); // what is given is taken away
    if (count > MOST) throw new Unfit(many(count));
    return count;
  };

  const pageOf = async (name, number, count) => {
    const called = name.replace(/\.pdf$/i, "");
    return named(await ask("drawn", number), `${called}${count > 1 ? `-第${number}页` : ""}`);
  };

  // {count} of a PDF's pages; where it is only one, also the {file}: the page as a picture.
  const counted = async (bytes, name) => {
    const count = await open(bytes);
    return { count, file: count === 1 ? await pageOf(name, 1, 1) : null };
  };

  // A page to tick, whose picture comes later.
  const choice = (number) => {
    const label = make("label", "page-choice");
    const box = make("input");
    box.type = "checkbox";
    box.value = number;
    const picture = make("img");
    picture.alt = "";
    const said = make("span", "", `第 ${number} 页`);
    label.append(picture, box, said);
    return { label, box, picture };
  };

  // Opens the sheet; gives the ticked pages as new files, or null where the person went back.
  const chosen = async (bytes, name, say) => {
    const sheet = document.querySelector("[data-pages]");
    const [list, note, taker] = ["[data-list]", "[data-note]", "[data-take]"].map((one) => sheet.querySelector(one));
    const choices = [];
    let isOpen = true;
    const addresses = [];
    const ticked = () => choices.filter(({ box }) => box.checked).map(({ box }) => Number(box.value));
    const tell = (text) => { note.textContent = text; };
    const follow = () => {
      taker.disabled = !ticked().length;
      taker.textContent = ticked().length ? `用选中的 ${ticked().length} 页` : "用选中的页";
    };

    list.replaceChildren();
    follow();
    sheet.showModal();
    tell("正在打开…");
    const left = new Promise((resolve) => { sheet.addEventListener("close", () => resolve(null), { once: true }); });
    left.then(() => {
      isOpen = false;
      addresses.forEach((one) => URL.revokeObjectURL(one));
    });

    const work = async () => {
      const count = await open(bytes);
      for (let number = 1; number <= count; number += 1) choices.push(choice(number));
      list.replaceChildren(...choices.map(({ label }) => label));
      list.onchange = follow;
      tell(`“${name}”共 ${count} 页。请勾选要上传的页，每一页成为一张图片。`);
      const pressed = new Promise((resolve) => { taker.onclick = () => resolve(ticked()); });
      let numbers = null;
      pressed.then((found) => { numbers = found; });
      for (const { picture, box } of choices) { // the small ones give way to those that are wanted
        if (!isOpen || numbers) break;
        addresses.push(URL.createObjectURL(await ask("drawn", Number(box.value), SMALL)));
        picture.src = addresses[addresses.length - 1];
      }
      const files = [];
      for (const number of await pressed) {
        taker.disabled = true;
        tell(`正在读取第 ${number} 页…`);
        say(note.textContent);
        files.push(await pageOf(name, number, count));
        if (!isOpen) return null;
      }
      return files;
    };
    const result = await Promise.race([work(), left]).finally(() => sheet.close());
    return result;
  };

  return { chosen, counted };
})();
