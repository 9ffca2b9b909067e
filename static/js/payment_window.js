/* WeChat's own window to pay in (JSAPI). Whether it is paid, the portal hears from the provider, never from here. */
"use strict";

const place = document.querySelector("[data-window]");
const words = document.querySelector("[data-window-words]");
const again = document.querySelector("[data-window-open]");
const PATIENCE = 5000; // milliseconds until it is said that nothing has opened

const SAID = {
  "get_brand_wcpay_request:cancel": "您没有付款。要付款的，请按“立即支付”。",
  "get_brand_wcpay_request:fail": "微信没有完成这次付款。请按“立即支付”再试一次，或返回换一种付款方式。",
};

function say(sentence) {
  words.textContent = sentence;
  again.hidden = false;
}

function open() {
  const given = place.dataset;
  window.WeixinJSBridge.invoke("getBrandWCPayRequest", {
    appId: given.appid,
    timeStamp: given.timestamp,
    nonceStr: given.noncestr,
    package: given.package,
    signType: given.signtype,
    paySign: given.paysign,
  }, (answer) => {
    if (answer.err_msg === "get_brand_wcpay_request:ok") location.href = given.then;
    else say(SAID[answer.err_msg] || SAID["get_brand_wcpay_request:fail"]);
  });
}

function tryToOpen() {
  if (window.WeixinJSBridge) open();
  else say("没有打开微信支付。请返回缴费页面，再按一次“微信支付”；仍打不开的，请点右上角“…”在浏览器中打开。");
}

again.addEventListener("click", tryToOpen);
if (window.WeixinJSBridge) open();
else {
  const late = setTimeout(tryToOpen, PATIENCE);
  document.addEventListener("WeixinJSBridgeReady", () => {
    clearTimeout(late);
    open();
  }, { once: true });
}
