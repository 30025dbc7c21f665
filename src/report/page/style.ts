/** The look of every page: light and dark, from a phone to paper. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1c1e21;--soft:#555e68;--paper:#fff;--panel:#f5f6f8;--line:#d9dde2;--good:#176d30;--bad:#b3261e;--open:#7d5200;--link:#0a5bb5}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#a7b1bc;--paper:#16181c;--panel:#1f2228;--line:#363b42;--good:#6cc070;--bad:#ff8b80;--open:#e0b341;--link:#7ab8ff}}
*{box-sizing:border-box}
body{font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:62rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:.2rem 0 .8rem}h2{font-size:1.2rem;margin-top:2.4rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}h3{font-size:1rem;margin-bottom:.2rem}
a{color:var(--link)}h3 a{color:inherit;text-decoration:none}h3 a:hover{text-decoration:underline}
.table{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;overflow-wrap:normal}th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.numbers,.numbers td{font-variant-numeric:tabular-nums}
code,pre{font:.85rem/1.45 ui-monospace,monospace}pre{overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--panel);padding:.6rem .8rem;border-radius:6px}
.checked{color:var(--soft);font-weight:400}.badge{font-weight:600;color:var(--open)}.good{color:var(--good)}.bad{color:var(--bad)}
.soft,summary,figcaption,legend{color:var(--soft);font-size:.9rem}ul{margin:.3rem 0;padding-left:1.2rem}td ul{min-width:16rem}
summary{cursor:pointer;padding:.15rem 0}
.big{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.8rem;margin:1rem 0}.big div{container-type:inline-size;background:var(--panel);border-radius:8px;padding:.7rem .9rem}
.big dt{color:var(--soft);font-size:.85rem}.big sup{font-size:.65em;line-height:0}.big dd{margin:0;font-size:clamp(.8rem,12cqi,1.5rem);font-weight:600;white-space:nowrap;font-variant-numeric:tabular-nums}
.warnings{border-left:4px solid var(--open);padding:.4rem .4rem .4rem 1.6rem;background:var(--panel)}
article{margin:1.2rem 0 1.8rem}svg{max-width:100%;height:auto}math{font-size:1.05rem}.formula,.lemma{overflow-x:auto}
.proof details{border-left:2px solid var(--line);padding-left:.8rem;margin:.3rem 0}.fact p{margin:.2rem 0}
figure{margin:1rem 0}.plot{position:relative;overflow-x:auto;overflow-y:hidden}.plot svg{background:#fff;border-radius:6px;min-width:28rem}.plot i{position:absolute;width:0;border-left:1px solid #b3261e;pointer-events:none}
.reader{display:flex;gap:.8rem;align-items:center;flex-wrap:wrap;margin:.2rem 0;font-variant-numeric:tabular-nums}.reader input{flex:1 1 14rem;max-width:24rem}
.choices{border:0;padding:0;margin:.5rem 0;display:flex;gap:1rem;flex-wrap:wrap}.choices legend{float:left;margin-right:1rem}
.heat{position:relative;width:100%;border:1px solid var(--line)}.heat img{width:100%;height:100%;display:block;image-rendering:pixelated}
.mark{position:absolute;width:14px;height:14px;margin:0 0 -7px -7px;border:2px solid #000;outline:2px solid #fff;border-radius:50%}
.field{max-width:26rem}.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:1rem}.gallery figure{margin:0}
.graph{overflow-x:auto}.graph svg{max-width:none;font:12px system-ui,sans-serif}.graph rect{fill:var(--panel);stroke:var(--soft)}.graph text{fill:var(--ink);text-anchor:middle}.graph .small{font-size:10.5px;fill:var(--soft)}.graph .arrows path{fill:none;stroke:var(--soft);marker-end:url(#tip)}.graph marker path{fill:var(--soft)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
[hidden]{display:none!important}
@media print{body{max-width:none;padding:0}details::details-content{content-visibility:visible;display:block}.reader,.choices{display:none}[hidden]{display:block!important}.plot svg{min-width:0}}
`;
