import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';

/** The drawing of plots, which pages of results need. Expressions are interpreted: the site's policy makes no code from text. */
Object.assign(globalThis, { exhibitPlots: { parse, View, compile, interpreter: expressionInterpreter } });
