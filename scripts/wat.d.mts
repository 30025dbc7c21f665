/** A plugin of rolldown and vite. */
export function wat(): {
  name: string;
  load(id: string): Promise<{ code: string; moduleType: 'js' } | null>;
};
