// The style of turns: questions, answers, lists, tables, sources.
export const ANSWER = `
.welcome h3{font-size:1.375em;line-height:1.25;margin-block-end:.35em;font-weight:700}
.welcome>p{margin-block-end:.7em}
.scope{display:flex;gap:.6em;align-items:flex-start;font-size:.9375em;color:var(--soft)}
.scope .icon{margin-block-start:.15em;color:var(--good)}
.again{margin-block-end:1.2em}
h4{font-size:.9375em;font-weight:700;margin:1.35em 0 .5em;color:var(--ink)}
.questions{display:grid;gap:.5em}
.questions button{display:flex;align-items:center;justify-content:space-between;gap:.75em;width:100%;min-height:48px;padding:.55em .9em;text-align:start;border:1px solid var(--line);border-radius:10px;background:var(--card);color:var(--link);font-weight:500;line-height:1.4}
.questions button:hover{border-color:var(--link);background:var(--tint)}
.questions .icon{color:var(--soft)}

.turn+.turn:last-child{min-height:calc(100% + 8px)}
[data-mode=page] .turn+.turn:last-child{min-height:calc(100vh - 16em)}
.turn+.turn{margin-block-start:2em;padding-block-start:1.5em;border-top:1px solid var(--line)}
.question{margin-inline-start:auto;width:fit-content;max-width:88%;padding:.6em 1em;border-radius:14px 14px 3px 14px;background:var(--tint);border:1px solid transparent;font-weight:600;line-height:1.45}
.waiting{margin-block-start:1.1em;color:var(--soft)}
.steps{display:grid;gap:.2em;margin-block-end:.6em;font-size:.9375em}
.steps li{display:flex;gap:.5em}
.steps .icon{margin-block-start:.15em}
.steps span::first-letter{text-transform:uppercase}
.streamed{color:var(--ink);margin-block-end:.6em}
.dots{display:inline-flex;gap:4px;margin-inline-end:.7em}
.dots i{width:8px;height:8px;border-radius:50%;background:currentColor;animation:sl-wait 1.2s infinite}
.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
@keyframes sl-wait{0%,60%,100%{opacity:.25}30%{opacity:1}}
@media (prefers-reduced-motion:reduce){.dots i{animation:none;opacity:.7}}

.answer{margin-block-start:1.1em;padding:1.1em 1.15em;border:1px solid var(--line);border-radius:14px;background:var(--card)}
.answer h3{display:flex;flex-wrap:wrap;align-items:center;gap:.15em .5em;font-size:1em;font-weight:700;line-height:1.35;color:var(--good);margin-block-end:.7em}
.answer h3>.icon+span{max-width:calc(100% - 1.9em)}
.answer h3 .mode{font-weight:450;color:var(--soft);font-size:.875em}
.answer-body{font-size:1.0625em;line-height:1.62}
.answer-body>p+p,.answer-body>*+*{margin-block-start:.75em}
.answer-body p{white-space:pre-line;hyphens:auto}
.answer[data-status=not_in_documents],.answer[data-status=out_of_scope],.answer[data-status=refused],.answer[data-status=unavailable]{border-inline-start:5px solid var(--note-line)}
.answer[data-status=needs_clarification]{border:2px dashed var(--mark)}
.answer:not([data-status=answered],[data-status=about_service]) h3{color:var(--ink)}
.answer[data-status=emergency],.failure{border:2px solid var(--bad)}
.answer[data-status=emergency] h3,.answer.failure h3{color:var(--bad)}
.answer[data-status=emergency] h3{font-size:1.25em}
.calls{display:flex;flex-wrap:wrap;gap:.6em;margin-block-start:1em}
.call{display:inline-flex;align-items:center;gap:.5em;min-height:48px;padding:.3em 1.1em;border-radius:10px;border:2px solid currentColor;color:var(--bad);font-weight:700;text-decoration:none}
.failure .retry{margin-block-start:.9em}

.marker,.marker-look{display:inline-grid;place-items:center;min-width:26px;min-height:26px;padding:0 .35em;border:1px solid var(--edge);border-radius:7px;background:var(--ground);color:var(--link);font-size:.8125em;font-weight:700;line-height:1;font-variant-numeric:tabular-nums;vertical-align:.05em}
.marker{margin:0 1px}
.held{white-space:nowrap}
.marker:hover,.marker[aria-expanded=true]{background:var(--link);color:var(--card);border-color:var(--link)}
.ref{font-weight:650;font-variant-numeric:tabular-nums;white-space:nowrap}
.meta{color:var(--soft);font-size:.875em}
.passages{display:grid;gap:.7em}
.passages>li{padding:.75em .95em .8em;border:1px solid var(--line);border-radius:10px;background:var(--ground);font-size:.9412em;line-height:1.55}
.passages h4{margin:0 0 .2em;font-size:1em}
.passages .meta{margin-block-start:.35em}
.passages .best{font-size:1.15em;line-height:1.45}
.passages .label{display:block;margin-top:.5em;font-size:.85em;color:var(--soft)}
.passages .in-short{display:block;font-weight:450;color:var(--soft)}
.passages .source-card{background:var(--card)}
.items{border-top:1px solid var(--line)}
.item{display:flex;flex-wrap:wrap;align-items:baseline;justify-content:space-between;gap:.25em .8em;padding:.6em 0;border-bottom:1px solid var(--line);font-size:.9412em;line-height:1.5}
.item>span:first-child{flex:1 1 14em}
.item .source-card{flex:1 1 100%}
.folded{display:none}
.count{margin-block-start:.6em}
.unsure{display:flex;gap:.55em;padding:.4em .7em;border-radius:8px;background:var(--note);border:1px solid var(--note-line);font-size:.875em;line-height:1.45}
.unsure .icon{margin-block-start:.1em}
.badge{display:inline-flex;align-items:center;gap:.35em;padding:.05em .6em .05em .45em;border:1px solid var(--edge);border-radius:99px;background:var(--card);color:var(--ink);font-size:.8125em;font-weight:600;line-height:1.55;overflow-wrap:normal}
.badge .icon{width:1.15em;height:1.15em}
.badge[data-status=implemented],.badge[data-status=adopted]{color:var(--good);border-color:currentColor}
.badge[data-status=draft],.badge[data-status=proposed]{background:var(--note);border-color:var(--note-line)}
.groups{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,8.6em),1fr));gap:.6em 1em}
.group{grid-column:1/-1;display:grid;grid-template-columns:4.9em minmax(0,1fr);gap:.2em .6em}
.group>*{grid-column:2}
.groups h4{margin:0;font-size:.875em;line-height:30px}
.group h4{grid-column:1;font-weight:450;color:var(--soft)}
.chips{display:flex;flex-wrap:wrap;gap:.35em}
.chips li{max-width:100%}
.column{padding-block-start:.5em;border-top:2px solid var(--edge)}
.column h4{font-size:.8125em;line-height:1.35;margin-block-end:.5em}
.column .meta{display:block;font-weight:450}
.chip{display:inline-flex;align-items:center;gap:.5em;max-width:100%;min-height:30px;padding:.1em .7em;border:1px solid var(--edge);border-radius:15px;background:var(--card);color:var(--ink);font-size:.8125em;line-height:1.35;text-align:start}
@media (max-width:24em){.group{display:block}}
.chip .badge{padding:0;border:0;background:none;font-size:1em;font-weight:450;color:inherit}
.chip:hover{background:var(--tint)}
.chip[aria-pressed=true]{background:var(--link);border-color:var(--link);color:var(--card)}
.tally{flex:none;white-space:nowrap;font-weight:700;font-variant-numeric:tabular-nums}
.groups details{font-size:.875em}
.groups summary{min-height:26px;padding:.1em 0}
.where{display:block}
.chosen{display:flex;flex-wrap:wrap;align-items:baseline;justify-content:space-between;gap:.2em 1em;padding:.35em 0;font-weight:600}
.fold{margin-block-start:.75em;font-size:.9375em}
.notices{margin-block-start:.9em;font-size:.875em;display:grid;gap:.4em}
.notices li{display:flex;gap:.55em;padding:.4em .7em;border-radius:8px;background:var(--note);border:1px solid var(--note-line);line-height:1.45}
.notices .sample{padding:0;border:0;background:none;color:var(--soft)}
.notices .icon{margin-block-start:.1em}

.sources ul{display:grid;gap:.25em}
.sources>ul{gap:.7em}
.sources .block{display:flex;flex-wrap:wrap;align-items:center;gap:0 .4em}
.sources .source-button{flex:1}
.sources .source-card{flex:1 1 100%}
.more-markers{display:flex;gap:.3em}
.source-button{display:flex;align-items:flex-start;gap:.7em;width:100%;min-height:44px;padding:.5em .6em;text-align:start;border:1px solid transparent;border-radius:9px;background:none;line-height:1.4}
.source-button:hover,.source-button[aria-expanded=true]{background:var(--ground);border-color:var(--line)}
.source-name{flex:1;min-width:0;color:var(--link);font-weight:550}
.source-name .meta{display:block;font-weight:450}
.source-card{margin:.6em 0;padding:.9em 1em 1em;border:1px solid var(--edge);border-inline-start:5px solid var(--good);border-radius:10px;background:var(--ground);font-size:.9375em;line-height:1.55}
.source-head{display:flex;align-items:flex-start;gap:.6em;justify-content:space-between}
.source-title{font-weight:700;font-size:1.0625em;line-height:1.35;padding-block-start:.35em}
.source-title .kind{display:block;font-size:.8125em;font-weight:600;color:var(--soft)}
.source-head .quiet{border-color:transparent;background:none;margin:-.35em -.5em 0 0;flex:none}
.badges{display:flex;flex-wrap:wrap;gap:.4em;margin:.5em 0 .8em}
blockquote{padding:.1em 0 .1em .9em;border-inline-start:3px solid var(--note-line);white-space:pre-line;font-size:1.0625em}
dl{display:grid;gap:.25em;margin-block-start:.9em}
dl div{display:grid;grid-template-columns:minmax(6.6em,26%) minmax(0,1fr);gap:.8em}
@media (max-width:24em){dl div{grid-template-columns:minmax(0,1fr);gap:0}dl{gap:.6em}}
dt{color:var(--soft)}
figure{margin-block-start:.9em;border:1px solid var(--edge);border-radius:6px;overflow:hidden;background:#fff}
figure img{display:block;width:100%;height:auto}
figure img.place{max-width:36em;margin-inline:auto}
figure a{display:block}
figure span{display:flex;align-items:center;justify-content:center;gap:.4em;min-height:44px;padding:.3em .8em;background:var(--card);border-top:1px solid var(--line);font-weight:600}
.links{display:flex;flex-wrap:wrap;gap:.2em 1.3em;margin-block-start:.8em}
.links a{display:inline-flex;align-items:center;gap:.35em;min-height:32px;font-weight:600}
figure span .icon,.links a .icon,.nearest a .icon{width:1em;height:1em}
.nearest{margin-block-start:.75em}
.nearest a .ref{color:inherit}
.contact{margin-block-start:1.1em;display:grid;gap:.6em;justify-items:start}

.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9em;line-height:1.5;hyphens:auto}
th,td{text-align:start;vertical-align:top;padding:.6em .8em .6em 0;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:650;border-bottom:2px solid var(--edge);padding-block-start:0}
.number{font-variant-numeric:tabular-nums}
.said-text{white-space:pre-line;hyphens:auto}
.silent{display:inline-flex;gap:.4em;align-items:center;color:var(--soft)}
details{font-size:.9412em}
summary{cursor:pointer;color:var(--link);font-weight:600;min-height:32px;padding:.25em 0}
details p+p{margin-block-start:.6em}
.facts{padding-block-start:.8em;border-top:1px solid var(--line);font-size:.9em}
.facts h4{margin:0;font-size:1em}

.after{margin-block-start:1.1em;padding-block-start:.7em;border-top:1px solid var(--line);font-size:.875em}
.actions,.feedback-row{display:flex;flex-wrap:wrap;align-items:center;gap:.15em .3em}
.after .actions .quiet{border-color:transparent;background:none;color:var(--soft);padding:.3em .6em;margin-inline-start:-.6em;margin-inline-end:.6em}
.after .actions .quiet:hover{color:var(--ink);border-color:var(--line)}
.feedback-row{gap:.4em .6em;margin-block-start:.35em}
.feedback-row .quiet{padding:.2em 1em}
.feedback form{margin-block-start:.8em;padding:.9em 1em 1em;border:1px solid var(--line);border-radius:10px;background:var(--ground);font-size:1.0714em}
.feedback .field{margin-block-start:.7em}
.sent{font-weight:650;color:var(--good);padding:.6em 0}

.printed article+article{margin-block-start:2em;padding-block-start:1.5em;border-top:1px solid var(--line)}
.printed h1{font-size:1.4em;line-height:1.3;break-after:avoid}
.printed .folded{display:flex}
.printed .scroll+*{display:none}
.printed h2{font-size:1.15em;margin:1.4em 0 .6em}
.paper-sources{display:grid;gap:1em;margin-block-end:1.4em}
.paper-sources li,.passages>li{break-inside:avoid}
.paper-sources blockquote{margin:.3em 0;font-size:1em}
.paper-sources .address{color:#46544f;font-size:.875em}
`;
