/** Digits after the point that are kept of a cost: a millionth of a millionth of a dollar. */
const scale = 12

/** The sum as an exact decimal string; `null` where a cost is missing. Numbers of JSON are read as they are written. */
export function sumCosts(costs: readonly (number | null | undefined)[]): string | null {
  let units = 0n
  for (const cost of costs) {
    if (cost == null) return null
    units += BigInt(cost.toFixed(scale).replace('.', ''))
  }
  const digits = String(units).padStart(scale + 1, '0')
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, '')
}
