// QR codes (ISO/IEC 18004): bytes, versions 1 to 10, error correction level M.

// By version: codewords in all, of error correction per block, and blocks.
const SIZES = [[26, 10, 1], [44, 16, 1], [70, 26, 1], [100, 18, 2],
  [134, 24, 2], [172, 16, 4], [196, 18, 4], [242, 22, 4], [292, 22, 5],
  [346, 26, 5]];
// The middles of the alignment patterns, besides 6.
const ALIGNED = [[], [18], [22], [26], [30], [34], [22, 38], [24, 42],
  [26, 46], [28, 50]];
const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2,
  (x, y) => x * y % 2 + x * y % 3,
  (x, y) => (x * y % 2 + x * y % 3) % 2,
  (x, y) => ((x + y) % 2 + x * y % 3) % 2,
];

// In GF(256), of which 0x11d is the polynomial.
const multiply = (a, b) => {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1)
    product = product << 1 ^ (product >> 7) * 0x11d ^ (b >> bit & 1) * a;
  return product;
};

// Without the leading 1.
const generator = (degree) => {
  const result = new Array(degree).fill(0);
  result[degree - 1] = 1;
  for (let i = 0, root = 1; i < degree; i += 1, root = multiply(root, 2))
    for (let j = 0; j < degree; j += 1)
      result[j] = multiply(result[j], root) ^ (result[j + 1] || 0);
  return result;
};

const remainder = (data, divisor) => {
  const result = new Array(divisor.length).fill(0);
  for (const byte of data) {
    const factor = byte ^ result.shift();
    result.push(0);
    divisor.forEach((term, i) => {
      result[i] ^= multiply(term, factor);
    });
  }
  return result;
};

// The data codewords: mode, length, @bytes, terminator, padding.
const dataOf = (bytes, version, nCodewords) => {
  const bits = [];
  const add = (value, n) => {
    for (let i = n - 1; i >= 0; i -= 1)
      bits.push(value >> i & 1);
  };
  add(4, 4);
  add(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => add(byte, 8));
  add(0, 4);
  const data = [];
  for (let i = 0; i + 8 <= bits.length; i += 8)
    data.push(parseInt(bits.slice(i, i + 8).join(''), 2));
  for (let pad = 0xec; data.length < nCodewords; pad ^= 0xec ^ 0x11)
    data.push(pad);
  return data;
};

// With error correction, and interleaved.
const codewordsOf = (data, [nAll, nEcc, nBlocks]) => {
  const divisor = generator(nEcc);
  const nShort = Math.floor(nAll / nBlocks) - nEcc;
  const nLong = nAll % nBlocks;
  const blocks = [];
  for (let i = 0, at = 0; i < nBlocks; i += 1) {
    const size = nShort + (i >= nBlocks - nLong ? 1 : 0);
    blocks.push(data.slice(at, at + size));
    at += size;
  }
  const checks = blocks.map((block) => remainder(block, divisor));
  const all = [];
  for (let i = 0; i <= nShort; i += 1)
    blocks.forEach((block) => i < block.length && all.push(block[i]));
  for (let i = 0; i < nEcc; i += 1)
    checks.forEach((check) => all.push(check[i]));
  return all;
};

// @data with the remainder of its division by @divisor, of @n bits.
const protectedBits = (data, divisor, n) => {
  let rest = data;
  for (let i = 0; i < n; i += 1)
    rest = rest << 1 ^ (rest >> n - 1 & 1) * divisor;
  return data << n | rest & (1 << n) - 1;
};

class Matrix {
  constructor(version) {
    this.size = 17 + 4 * version;
    const rows = () => Array.from({ length: this.size },
      () => new Array(this.size).fill(false));
    this.dark = rows();
    this.fixed = rows();
    this.drawPatterns(version);
  }

  set(x, y, isDark) {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size)
      return;
    this.dark[y][x] = Boolean(isDark);
    this.fixed[y][x] = true;
  }

  // Rings around a middle: those at a distance of @light are light.
  drawRings(x, y, radius, light) {
    for (let dy = -radius; dy <= radius; dy += 1)
      for (let dx = -radius; dx <= radius; dx += 1)
        this.set(x + dx, y + dy,
          !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
  }

  drawPatterns(version) {
    const last = this.size - 7;
    for (let i = 0; i < this.size; i += 1) {
      this.set(6, i, i % 2 === 0);
      this.set(i, 6, i % 2 === 0);
    }
    const places = version > 1 ? [6, ...ALIGNED[version - 1]] : [];
    for (const x of places)
      for (const y of places)
        if (!(x === 6 && (y === 6 || y === last) || x === last && y === 6))
          this.drawRings(x, y, 2, [1]);
    for (const [x, y] of [[3, 3], [this.size - 4, 3], [3, this.size - 4]])
      this.drawRings(x, y, 4, [2, 4]);
    this.drawFormat(0);
    const bits = protectedBits(version, 0x1f25, 12);
    for (let i = 0; version >= 7 && i < 18; i += 1) {
      const [a, b] = [this.size - 11 + i % 3, Math.floor(i / 3)];
      this.set(a, b, bits >> i & 1);
      this.set(b, a, bits >> i & 1);
    }
  }

  // Level M is 00.
  drawFormat(mask) {
    const bits = protectedBits(mask, 0x537, 10) ^ 0x5412;
    for (let i = 0; i < 15; i += 1) {
      const bit = bits >> i & 1;
      const near = i < 6 ? i : i < 8 ? i + 1 : 14 - i;
      if (i < 8)
        this.set(8, near, bit);
      else
        this.set(i === 8 ? 7 : near, 8, bit);
      if (i < 8)
        this.set(this.size - 1 - i, 8, bit);
      else
        this.set(8, this.size - 15 + i, bit);
    }
    this.set(8, this.size - 8, true);
  }

  // In columns of two, upwards and downwards by turns.
  drawCodewords(codewords) {
    let i = 0;
    for (let right = this.size - 1; right > 0; right -= 2) {
      if (right === 6)
        right = 5;
      const goesUp = (right + 1 & 2) === 0;
      for (let step = 0; step < this.size; step += 1)
        for (const x of [right, right - 1]) {
          const y = goesUp ? this.size - 1 - step : step;
          if (!this.fixed[y][x] && i < 8 * codewords.length) {
            this.dark[y][x] = (codewords[i >> 3] >> 7 - (i & 7) & 1) === 1;
            i += 1;
          }
        }
    }
  }

  // Again undoes it.
  applyMask(mask) {
    this.dark.forEach((row, y) => row.forEach((isDark, x) => {
      if (!this.fixed[y][x] && MASKS[mask](x, y) === 0)
        row[x] = !isDark;
    }));
  }

  // How hard it is to read: runs, what looks like a corner, blocks, balance.
  penalty() {
    const rows = this.dark.map((row) => row.map(Number));
    const columns = rows.map((_, i) => rows.map((row) => row[i]));
    let sum = 0;
    for (const line of [...rows, ...columns]) {
      const text = line.join('');
      for (const run of text.match(/0{5,}|1{5,}/g) || [])
        sum += run.length - 2;
      sum += 40 * (text.match(/(?=10111010000|00001011101)/g) || []).length;
    }
    rows.slice(1).forEach((row, y) => row.slice(1).forEach((bit, x) => {
      if (bit === row[x] && bit === rows[y][x] && bit === rows[y][x + 1])
        sum += 3;
    }));
    const n = this.size * this.size;
    const nDark = rows.reduce((all, row) =>
      row.reduce((part, bit) => part + bit, all), 0);
    return sum + 10 * Math.floor(Math.abs(nDark * 20 - n * 10) / n);
  }

  chooseMask() {
    const penalties = MASKS.map((_, mask) => {
      this.applyMask(mask);
      this.drawFormat(mask);
      const penalty = this.penalty();
      this.applyMask(mask);
      return penalty;
    });
    const best = penalties.indexOf(Math.min(...penalties));
    this.applyMask(best);
    this.drawFormat(best);
  }
}

// Returns rows of booleans, true for dark, without the quiet zone; null if
// @text is too long for one.
export const qrCode = (text) => {
  const bytes = [...new TextEncoder().encode(text)];
  const nData = ([nAll, nEcc, nBlocks]) => nAll - nEcc * nBlocks;
  const version = 1 + SIZES.findIndex((size, i) =>
    bytes.length + (i < 9 ? 2 : 3) <= nData(size));
  if (version === 0)
    return null;
  const size = SIZES[version - 1];
  const matrix = new Matrix(version);
  matrix.drawCodewords(codewordsOf(dataOf(bytes, version, nData(size)), size));
  matrix.chooseMask();
  return matrix.dark;
};

// The same as a path of SVG, of which each module is a unit.
export const qrPath = (rows) => rows.map((row, y) => row.map((isDark, x) =>
  isDark ? `M${x} ${y}h1v1h-1z` : '').join('')).join('');
