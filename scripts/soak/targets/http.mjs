/** HTTP bodies: the place for `seqgrad serve`. */
export const http = [];
