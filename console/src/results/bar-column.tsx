import type { ComparedCell } from '@oversoak/contracts';
import { Bar } from '../charts/bar.tsx';
import type { Column } from '../parts/table.tsx';

/** A figure with a bar of its share of the largest in the table. */
export function barColumn(
  title: string,
  cells: readonly ComparedCell[],
  value: (cell: ComparedCell) => number | null,
  text: (value: number | null) => string,
): Column<ComparedCell> {
  const most = Math.max(0, ...cells.map((cell) => value(cell) ?? 0));
  return {
    title,
    isFigure: true,
    cell: (cell) => {
      const figure = value(cell);
      const length = most === 0 ? 0 : ((figure ?? 0) / most) * 100;
      const part = { from: 0, length, className: 'fill c0' };
      return (
        <>
          {text(figure)}
          <Bar parts={[part]} />
        </>
      );
    },
  };
}
