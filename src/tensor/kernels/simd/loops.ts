// AssemblyScript. Everything but the products, as one binary.
export * from "./additive";
export * from "./checksum";
export * from "./elementwise";
export * from "./gates";
export * from "./layerNorm";
export * from "./optim";
export * from "./reduce";
export * from "./rows";
export * from "./softmax";
export * from "./topIndices";
