import fc from 'fast-check';

// Property tests draw the same cases in every run, so that a red run is red again; the nightly form explores.
if (process.env.EXHIBIT_NIGHTLY === undefined) fc.configureGlobal({ seed: 20_261_122 });
