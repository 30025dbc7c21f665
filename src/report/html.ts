import type { ReportDocument } from './document.js';
import { auditBody } from './page/audit.js';
import { page } from './page/page.js';
import { resultBody } from './page/result.js';
import { sweepBody } from './page/sweep.js';

/** A document of `verify`, `audit` or `sweep` as one HTML page that needs nothing from elsewhere. */
export async function reportPage(report: ReportDocument): Promise<string> {
  switch (report.kind) {
    case 'claims':
      return page(
        `${report.document.theorem ?? 'Statement'}: ${report.document.verdict}`,
        await resultBody(report.document),
        { raw: report.raw, scripted: (report.document.figures?.slices.length ?? 0) > 0 },
      );
    case 'points':
      return page(`Sweep of ${report.document.theorem}`, await sweepBody(report.document), {
        raw: report.raw,
      });
    case 'instances':
      return page('Audit', await auditBody(report.document));
  }
}
