// The widget's style as constructed sheets: they need no style-src in the host page's policy, and no rule of the page
// reaches in. Sizes of text are in em of the reader's own font size, because a page may set its rem to anything.
import { ANSWER } from "./style_answer.js";

const LIGHT = `--ground:#f4f6f5;--card:#fff;--ink:#16211d;--soft:#46544f;--line:#cfd8d4;--edge:#6d7c76;--tint:#e2efeb;
--link:#0a5566;--mark:#0b4fb3;--note:#fff4d2;--note-line:#9a6a00;--bad:#8e1009;--bad-ground:#fdecea;--good:#0b5c55;--shadow:0 12px 40px rgb(10 30 25/.26);`;
const DARK = `--ground:#111816;--card:#1a2421;--ink:#eaf1ee;--soft:#b3c2bc;--line:#3a4a44;--edge:#8ea099;--tint:#20372f;
--link:#93d3ea;--mark:#9ccaff;--note:#352c12;--note-line:#e2b341;--bad:#ffb4a9;--bad-ground:#3b1a17;--good:#86d6c7;--shadow:0 12px 40px rgb(0 0 0/.6);`;

const FRAME = `
:host{all:initial!important;display:block!important;visibility:visible!important;opacity:1!important}
:host([hidden]){display:none!important}
*,::before,::after{box-sizing:border-box}
.root{--main:#0b5c55;--main-ink:#fff;${LIGHT}color-scheme:light;color:var(--ink);font:1em/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;text-align:start;-webkit-text-size-adjust:100%}
@media screen and (prefers-color-scheme:dark){.root:not([data-theme=light]){${DARK}color-scheme:dark}}
.root[data-theme=dark]{${DARK}color-scheme:dark}
[hidden]{display:none!important}
li,li>span,dd,button>span,h3>span{min-width:0}
h2,h3,h4,p,ul,dl,dd,blockquote,figure,fieldset{margin:0;padding:0}
ul{list-style:none}
fieldset{border:0;min-width:0}
button,input,textarea{font:inherit;color:inherit;letter-spacing:inherit;word-spacing:inherit}
button{cursor:pointer}
a{color:var(--link);text-underline-offset:.18em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
textarea:focus-visible,input:not([type=radio],[type=checkbox],[type=file]):focus-visible{outline-offset:-1px;border-color:var(--mark)}
.icon{width:1.25em;height:1.25em;flex:none;vertical-align:-.25em;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.unseen{position:absolute!important;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.frame{position:relative}
.frame>.unseen{position:fixed!important;inset-block-end:0}
.root[data-mode=floating] .frame{position:static}

.launcher{position:fixed;z-index:2147483000;inset-block-end:max(1.25em,env(safe-area-inset-bottom));inset-inline-end:1.25em;display:inline-flex;align-items:center;gap:.6em;min-height:56px;max-width:calc(100vw - 2.5em);padding:.75em 1.4em .75em 1.15em;border:2px solid var(--main-ink);border-radius:28px;background:var(--main);color:var(--main-ink);font-weight:650;font-size:1.0625em;box-shadow:0 4px 18px rgb(10 30 25/.32)}
.launcher .icon{width:1.5em;height:1.5em}
.launcher:hover{box-shadow:0 6px 24px rgb(10 30 25/.42);text-decoration:underline;text-underline-offset:.2em}
[data-position=left] .launcher,[data-position=left] .panel{inset-inline:1.25em auto}

.panel{display:flex;flex-direction:column;background:var(--ground);border:1px solid var(--edge);overflow:clip;overflow-wrap:break-word}
h2,h3,h4,.titles p,.source-title,.source-name,.item,.questions button,.nearest a{hyphens:auto}
.ref,.marker,.badge{hyphens:none}
.address{overflow-wrap:anywhere}
[data-mode=floating] .panel{position:fixed;z-index:2147483000;inset-block-end:1.25em;inset-inline-end:1.25em;width:min(27.5em,100vw - 2.5em);height:min(46em,100vh - 2.5em);height:min(46em,100dvh - 2.5em);border-radius:16px;box-shadow:var(--shadow)}
[data-mode=floating][data-large] .panel{inset:1.25em;width:auto;height:auto}
[data-mode=inline][data-large] .panel{position:fixed;z-index:2147483000;inset:0;width:auto;height:auto;border:0;border-radius:0}
[data-large] .log>*,[data-large] .ask>*,[data-large] .foot>*,[data-large] .contact-form>*{width:100%;max-width:50em;margin-inline:auto}
[data-mode=page] .panel{border-radius:var(--strategielotse-radius,14px);overflow:visible}
[data-mode=page] .log{overflow:visible}
[data-mode=page] .head{position:sticky;inset-block-start:0;z-index:2;border-radius:var(--strategielotse-radius,14px) var(--strategielotse-radius,14px) 0 0}
[data-mode=page] .foot{border-radius:0 0 var(--strategielotse-radius,14px) var(--strategielotse-radius,14px)}
@media (min-height:30.01em){[data-mode=page] .ask{position:sticky;inset-block-end:0;z-index:1}}
[data-mode=inline] .panel{height:var(--strategielotse-height,min(44em,92vh));border-radius:var(--strategielotse-radius,14px)}
.head{display:flex;align-items:center;gap:10px;padding:12px 10px 12px 16px;background:var(--main);color:var(--main-ink);border-bottom:1px solid transparent}
.compass{width:2.1em;height:2.1em;flex:none}
[data-mode=floating]:not([data-large]) .head:has(.restart) .compass{display:none}
.compass .ring{fill:none;stroke:currentColor;stroke-width:2.5;opacity:.55}
.compass .needle{fill:currentColor;opacity:.55}
.compass .north{fill:currentColor}
.titles{flex:1 1 8em;min-width:0}
.titles h2{font-size:1.0625em;letter-spacing:-.01em;font-weight:700;line-height:1.25;text-wrap:balance}
.titles p{font-size:.875em;line-height:1.35}
.tools{display:flex;align-items:center}
.tool{display:inline-flex;align-items:center;justify-content:center;min-height:44px;min-width:44px;padding:0 6px;border:1px solid transparent;border-radius:8px;background:transparent;color:inherit;font-size:.9375em}
.tool .label{display:none;margin-inline-start:.45em;white-space:nowrap}
[data-large] .tool .label{display:inline}
@media (min-width:40em){[data-mode=page] .tool .label{display:inline}}
.tool.language{text-decoration:underline;text-underline-offset:.2em}
.tool:hover{border-color:currentColor}
.head :focus-visible{outline-color:currentColor;outline-offset:-3px}
.main{flex:1;min-height:0;display:flex;flex-direction:column}
.log{position:relative;flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;overflow-anchor:none;padding:20px 18px 28px;scroll-padding:1em}
.log:focus-visible{outline-offset:-3px}
.ask{padding:12px 18px 10px;background:var(--card);border-top:1px solid var(--line)}
.ask label{display:block;font-size:.875em;font-weight:650;margin-block-end:.3em}
.row{display:flex;align-items:flex-end;gap:.6em}
textarea,input:not([type=radio],[type=checkbox],[type=file]){width:100%;min-height:48px;padding:.6em .8em;border:2px solid var(--edge);border-radius:10px;background:var(--card);color:var(--ink);line-height:1.45;resize:none}
.row textarea{flex:1;min-width:0;max-height:10em;overflow-y:auto}
textarea[rows="4"],textarea[rows="2"]{resize:vertical}
::placeholder{color:var(--soft);opacity:1}
[aria-invalid=true]{border-color:var(--bad)!important}
.send{flex:none;display:inline-grid;place-items:center;width:48px;height:48px;border:1px solid transparent;border-radius:10px;background:var(--main);color:var(--main-ink)}
.send:hover,.primary:hover{filter:brightness(1.12)}
.send .icon{width:1.5em;height:1.5em;stroke-width:2.2}
.error{color:var(--bad);font-weight:600;font-size:.9375em;margin-block-start:.35em}
.hint{color:var(--soft);font-size:.875em}
.ask .error:empty,.ask .hint:empty{display:none}
.foot{padding:0 18px 12px;background:var(--card);color:var(--soft);font-size:.8125em;line-height:1.5}
.foot p{display:flex;flex-wrap:wrap;gap:.1em .9em;align-items:center}
.foot a,.as-link{display:inline-flex;align-items:center;min-height:24px;padding:0;border:0;background:none;color:var(--link);text-decoration:underline;text-underline-offset:.18em}
.choice{display:flex;align-items:flex-start;gap:.6em;padding:.35em 0;min-height:32px}
.choice input{flex:none;width:20px;height:20px;margin:.15em 0 0;accent-color:var(--good)}
.primary,.quiet,.contact-button{display:inline-flex;align-items:center;gap:.5em;min-height:44px;padding:.4em 1em;border-radius:10px;font-weight:600;text-align:start}
.primary{border:1px solid transparent;background:var(--main);color:var(--main-ink)}
.quiet,.contact-button{border:1px solid var(--edge);background:var(--card);color:var(--ink)}
.quiet:hover,.contact-button:hover{background:var(--tint)}
.icon-only{padding:0;justify-content:center;min-width:44px}
.buttons{display:flex;flex-wrap:wrap;gap:.6em;margin-block-start:1em}
.contact-form{position:relative;flex:1;min-height:0;overflow-y:auto;padding:20px 18px 28px;display:flex;flex-direction:column;gap:.9em}
.contact-form>*{flex:none}
.contact-form h3{font-size:1.25em;line-height:1.3}
.contact-form h3:focus,.sent:focus,.error:focus{outline-offset:4px}
.field label,legend{display:block;font-weight:650;margin-block-end:.3em;padding:0}
.field input[type=file]{width:100%;min-height:44px;padding:.4em 0}
.summary{padding:.6em .8em;border:1px solid currentColor;border-radius:8px;background:var(--bad-ground)}
q{font-style:italic}

@media (max-width:34em),(max-height:30em){
[data-mode=floating] .panel,[data-mode=floating][data-position=left] .panel{inset:0;width:auto;height:auto;border:0;border-radius:0}
[data-mode=floating] .resize{display:none}
.head{padding:.5em .4em .5em .8em;gap:.6em}
.compass{display:none}
.log,.contact-form,.ask,.foot{padding-inline:14px}
}
@media (max-height:30em){
[data-mode=floating] .panel,[data-mode=inline] .panel{overflow-y:auto;display:block;scroll-padding-block:calc(var(--head,0px) + 8px) 8px}
.head{position:sticky;inset-block-start:0;z-index:2}
.log,.contact-form{overflow:visible;min-height:5em}
}
@media (forced-colors:active){
.root,.root[data-theme]{--ground:Canvas;--card:Canvas;--tint:Canvas;--note:Canvas;--bad-ground:Canvas;--ink:CanvasText;--soft:CanvasText;--line:CanvasText;--edge:ButtonText;--note-line:CanvasText;--bad:CanvasText;--good:CanvasText;--link:LinkText;--mark:Highlight;--main:ButtonFace!important;--main-ink:ButtonText!important}
.root button{color:ButtonText;background-color:ButtonFace}
.root .marker[aria-expanded=true]{forced-color-adjust:none;background:Highlight;color:HighlightText}
.root :focus-visible{outline-color:Highlight}
.launcher,.send,.primary,.tool,.question{border:1px solid ButtonText}
.head{border-bottom-color:CanvasText}
[aria-disabled=true]{color:GrayText}
}
@media screen{.printed{display:none!important}}
@media print{.root:not(.printed){display:none!important}}
`;

let made = null;

/** The sheets, shared by all widgets of the page. */
export function sheets() {
  made ??= [FRAME, ANSWER].map(sheetOf);
  return made;
}

/** A sheet of rules. */
export function sheetOf(rules) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  return sheet;
}
