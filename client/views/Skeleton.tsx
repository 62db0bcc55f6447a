// The rows of the list that will be there soon, in grey.

export function RowSkeleton({ label }: { label: string }) {
  return (
    <div class="skeleton-rows" role="status">
      <span class="unseen">{label}</span>
      {[0, 1, 2, 3, 4, 5].map((n) => (
        <div class="skeleton-row" key={n} aria-hidden="true">
          <span class="skeleton skeleton-face" />
          <span class="skeleton skeleton-line" />
          <span class="skeleton skeleton-line skeleton-short" />
        </div>
      ))}
    </div>
  );
}
