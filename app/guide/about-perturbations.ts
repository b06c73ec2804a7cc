// What each perturbation is, and where a real camera meets it: one sentence each. Its constants come from the code.
import type { Family, Kind } from '@/lib/evaluation/families';

export const families: Record<Family, string> = {
  geometric: 'The object lies, stands or is framed otherwise than in the training images.',
  blur: 'The camera was out of focus, moved, or sharpened too eagerly.',
  noise: 'There was too little light, or the sensor is bad.',
  photometric: 'The exposure was wrong.',
  occlusion: 'Something is in front of the object.',
  digital: 'The picture was stored or sent too small.',
};

export const about: Record<Kind, { what: string; camera: string }> = {
  rot90: { what: 'Turned by a quarter, a half or three quarters of a turn; the severity is how many of the images are turned at all.', camera: 'a phone held sideways whose orientation tag was lost' },
  flip: { what: 'Mirrored left to right or upside down; the severity is how many of the images are.', camera: 'a front camera that saves its mirror image' },
  rotate: { what: 'Rotated about the centre to the left or right; what comes in at the corners is black.', camera: 'a horizon that is not level' },
  translate: { what: 'Moved sideways and up or down; what leaves is lost.', camera: 'a detector that cut its box badly' },
  scale: { what: 'Shrunk about the centre, with a black frame.', camera: 'an object farther away than usual' },
  shear: { what: 'Slanted to the left or right.', camera: 'a scanner or a rolling shutter while something moves past' },
  crop: { what: 'A random square window, enlarged to the whole image.', camera: 'digital zoom, or an object too close' },
  perspective: { what: 'The four corners are drawn inwards by random amounts.', camera: 'a picture taken from the side or from above' },
  gaussian_blur: { what: 'Each pixel becomes a weighted mean of its surroundings.', camera: 'a lens out of focus' },
  motion_blur: { what: 'A trail of shifted copies in a random direction.', camera: 'a hand that shakes at a long exposure' },
  sharpness: { what: 'Edges are exaggerated until they ring.', camera: 'a phone that sharpens its pictures too much' },
  gaussian_noise: { what: 'An independent normal number is added to each pixel.', camera: 'the electronics of a sensor at high ISO' },
  shot_noise: { what: 'Each pixel counts photons: the fewer there are, the grainier it is.', camera: 'an exposure in the dark' },
  impulse: { what: 'Single pixels turn black or white.', camera: 'dead and hot pixels, or bits lost on the way' },
  brightness: { what: 'All pixels become brighter; what exceeds white is lost.', camera: 'overexposure' },
  contrast: { what: 'All pixels move towards the mean of the image.', camera: 'haze, or a display in the sun' },
  erasing: { what: 'A random rectangle is covered in one gray.', camera: 'a label, a hand or a post in front of the object' },
  stripe: { what: 'The left and right quarters blend into their negative.', camera: 'a half transparent frame, or a readout fault at the edges' },
  fog: { what: 'A random cloud of light lies over everything.', camera: 'fog, smoke or a steamed-up lens' },
  spatter: { what: 'Random spots of gray mud stick to the picture.', camera: 'rain and dirt on the lens' },
  pixelate: { what: 'Averaged over coarse boxes and enlarged by repetition.', camera: 'a thumbnail that is blown up' },
  jpeg: { what: 'Stored as JPEG and read again, with blocks of 8 × 8.', camera: 'a picture that a messenger compressed' },
  mixup: { what: 'Another image shines through, with less weight than this one.', camera: 'a reflection in a shop window' },
  collage: { what: 'Some of the sixteen squares come from another image.', camera: 'objects that overlap' },
};
