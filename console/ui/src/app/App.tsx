import { FlowsPage } from '../features/flows/components/FlowsPage';
import { useStatus } from '../features/status/useStatus';
import styles from './App.module.css';
import { TopBar } from './TopBar';

/** The frame around the pages; there is one page so far. */
export function App() {
  const status = useStatus();
  return (
    <div className={styles.app}>
      <TopBar status={status} />
      <FlowsPage />
    </div>
  );
}
