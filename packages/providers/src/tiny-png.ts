/** A PNG of 2 × 2 pixels in base64, for exchanges that hold an image. */
export const tinyPng = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAAC0lEQVR4nGNgAAEAAAYAAf6MZ8gAAAAASUVORK5CYII='
